using System.Globalization;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

public sealed class AccountZoneTests
{
    // These are the kinds of clock change: summer time, a change of standard time, and a change at midnight.
    [Theory]
    [InlineData("Europe/Moscow", "2010-10-31T02:30:00", "+03:00")]
    [InlineData("Europe/Moscow", "2014-10-26T01:00:00", "+03:00")]
    [InlineData("Europe/Moscow", "2014-10-26T01:59:59", "+03:00")]
    [InlineData("Europe/Moscow", "2014-10-26T00:59:59", "+04:00")]
    [InlineData("Europe/Moscow", "2014-10-26T02:00:00", "+03:00")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30:00", "+01:00")]
    public void ToInstant_TimeThatTheClockShowedTwice_IsTheLaterOne(string zone, string local, string offset) =>
        Assert.Equal(local + offset, Write(Zone(zone).ToInstant(Local(local))));

    [Theory]
    [InlineData("Europe/Moscow", "2011-03-27T02:30:00", "2011-03-27T03:30:00+04:00")]
    [InlineData("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00")]
    [InlineData("Asia/Novosibirsk", "2016-07-24T02:30:00", "2016-07-24T03:30:00+07:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T01:00:00-02:00")]
    public void ToInstant_TimeThatTheClockSkipped_IsWhatTheClockShowedInstead(string zone, string local, string expected) =>
        Assert.Equal(expected, Write(Zone(zone).ToInstant(Local(local))));

    [Theory]
    [InlineData("Europe/Moscow", "2011-03-27T02:30:00", "2011-03-27T03:00:00+04:00", "2011-03-27T03:00:00+04:00")]
    [InlineData("Asia/Novosibirsk", "2016-07-24T02:30:00", "2016-07-24T03:00:00+07:00", "2016-07-24T03:00:00+07:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T01:00:00-02:00", "2018-11-04T01:00:00-02:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-04T02:30:00+11:00", "2026-10-04T02:30:00+11:00")]
    [InlineData("Europe/Moscow", "2014-10-26T01:30:00", "2014-10-26T01:30:00+04:00", "2014-10-26T01:30:00+03:00")]
    [InlineData("Europe/Berlin", "2026-07-01T12:00:00", "2026-07-01T12:00:00+02:00", "2026-07-01T12:00:00+02:00")]
    public void MomentsOf_TimeSkippedOrRepeated_AreTheChangeOrBothMoments(string zone, string local, string first, string last)
    {
        var moments = Zone(zone).MomentsOf(Local(local));

        Assert.Equal((first, last), (Write(moments.First), Write(moments.Last)));
    }

    [Fact]
    public void StartOf_DayThatBeginsWithASkippedHour_IsItsFirstMoment() =>
        Assert.Equal("2018-11-04T01:00:00-02:00", Write(Zone("America/Sao_Paulo").StartOf(new DateOnly(2018, 11, 4))));

    [Fact]
    public void EndOf_EachDayOfMoscowSince2009_IsTheStartOfTheNextAndBelongsToIt()
    {
        var zone = Zone("Europe/Moscow");
        for (var day = new DateOnly(2009, 1, 1); day.Year < 2030; day = day.AddDays(1))
        {
            Assert.Equal(day, zone.DayOf(zone.StartOf(day)));
            Assert.Equal(day, zone.DayOf(zone.EndOf(day).AddTicks(-1)));
        }
    }

    [Theory]
    [InlineData("Europe/Moscow", "2014-10-26")]
    [InlineData("Europe/Berlin", "2026-03-29")]
    [InlineData("America/Sao_Paulo", "2018-02-17")]
    [InlineData("America/Sao_Paulo", "2018-11-04")]
    [InlineData("America/Havana", "2026-11-01")]
    [InlineData("America/Havana", "2026-03-08")]
    public void ToInstant_EachMinuteOfADayOnWhichTheClockChanges_LiesFromItsStartToItsEnd(string name, string text)
    {
        var (zone, day) = (Zone(name), DateOnly.Parse(text, CultureInfo.InvariantCulture));

        for (var minute = 0; minute < 24 * 60; minute++)
        {
            Assert.InRange(zone.ToInstant(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute)), zone.StartOf(day), zone.EndOf(day).AddTicks(-1));
        }
    }

    [Theory]
    [InlineData("2014-10-26T00:30:00+04:00", 0)]
    [InlineData("2014-10-26T01:10:00+03:00", 60)]
    [InlineData("2014-10-26T01:59:59+03:00", 60)]
    [InlineData("2014-10-26T02:01:00+03:00", 60)]
    [InlineData("2014-10-26T02:03:00+03:00", 0)]
    [InlineData("2011-03-27T03:30:00+04:00", 0)]
    public void RepeatedTimeAround_MoscowOf2014_IsAnHourInAndJustAfterTheRepeatedOne(string moment, int minutes) =>
        Assert.Equal(
            TimeSpan.FromMinutes(minutes),
            Zone("Europe/Moscow").RepeatedTimeAround(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), TimeSpan.FromMinutes(2)));

    private static AccountZone Zone(string name) => new(TimeZoneInfo.FindSystemTimeZoneById(name));

    private static DateTime Local(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static string Write(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
