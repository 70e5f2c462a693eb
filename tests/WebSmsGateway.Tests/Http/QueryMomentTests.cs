using System.Globalization;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Http;

public sealed class QueryMomentTests
{
    private static readonly AccountZone Moscow = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));

    [Theory]
    [InlineData("2026-03-11", "2026-03-11T00:00:00+03:00")]
    [InlineData("2013-03-11", "2013-03-11T00:00:00+04:00")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00+03:00")]
    [InlineData("2026-03-11T12:09", "2026-03-11T12:09:00+03:00")]
    [InlineData("2026-03-11T12:09:01", "2026-03-11T12:09:01+03:00")]
    [InlineData("2026-03-11 12:09:01", "2026-03-11T12:09:01+03:00")]
    [InlineData("2026-03-11t12:09:01z", "2026-03-11T12:09:01Z")]
    [InlineData("2026-03-11T12:09:01Z", "2026-03-11T12:09:01Z")]
    [InlineData("2026-03-11T12:09:01.5Z", "2026-03-11T12:09:01.5Z")]
    [InlineData("2026-03-11T12:09:01.1234567Z", "2026-03-11T12:09:01.1234567Z")]
    [InlineData("2026-03-11T12:09:01.123456789Z", "2026-03-11T12:09:01.1234567Z")]
    [InlineData("2026-03-11T12:09:01.999999999999+03:00", "2026-03-11T12:09:01.9999999+03:00")]
    [InlineData("2026-03-11T12:09:01+03:00", "2026-03-11T12:09:01+03:00")]
    [InlineData("2026-03-11T12:09:01 03:00", "2026-03-11T12:09:01+03:00")]
    [InlineData("2026-03-11T12:09:01-03:30", "2026-03-11T12:09:01-03:30")]
    [InlineData("2026-03-11T12:09:01+14:00", "2026-03-11T12:09:01+14:00")]
    [InlineData("2026-03-11T12:09:01-00:00", "2026-03-11T12:09:01Z")]
    public void Parse_AcceptedForm_IsThatMoment(string text, string moment) => Assert.Equal(Exactly(moment), Parse(text));

    [Theory]
    [InlineData("2026-03-11", "2026-03-12T00:00:00+03:00")]
    [InlineData("2014-10-26", "2014-10-27T00:00:00+03:00")]
    [InlineData("2014-10-25", "2014-10-26T00:00:00+04:00")]
    [InlineData("2011-03-26", "2011-03-27T00:00:00+03:00")]
    [InlineData("2011-03-27", "2011-03-28T00:00:00+04:00")]
    [InlineData("2026-03-11T12:09:01", "2026-03-11T12:09:01+03:00")]
    public void Parse_End_OfADateIsThroughThatDay(string text, string moment) => Assert.Equal(Exactly(moment), Parse(text, isEnd: true));

    // The clock changes of Moscow, each from both sides. A time in the skipped hour is the moment of the change. A time in the repeated
    // hour begins a range at its first moment and ends it at its last.
    [Theory]
    [InlineData("2010-03-28T01:59:59", "2010-03-28T01:59:59+03:00")]
    [InlineData("2010-03-28T02:00:00", "2010-03-28T03:00:00+04:00")]
    [InlineData("2010-03-28T02:30:00", "2010-03-28T03:00:00+04:00")]
    [InlineData("2010-03-28T03:00:00", "2010-03-28T03:00:00+04:00")]
    [InlineData("2010-10-31T01:59:59", "2010-10-31T01:59:59+04:00")]
    [InlineData("2010-10-31T02:00:00", "2010-10-31T02:00:00+04:00", "2010-10-31T02:00:00+03:00")]
    [InlineData("2010-10-31T02:30:00", "2010-10-31T02:30:00+04:00", "2010-10-31T02:30:00+03:00")]
    [InlineData("2010-10-31T03:00:00", "2010-10-31T03:00:00+03:00")]
    [InlineData("2011-03-27T01:59:59", "2011-03-27T01:59:59+03:00")]
    [InlineData("2011-03-27T02:30:00", "2011-03-27T03:00:00+04:00")]
    [InlineData("2011-03-27T02:59:59.9999999", "2011-03-27T03:00:00+04:00")]
    [InlineData("2011-03-27T03:00:00", "2011-03-27T03:00:00+04:00")]
    [InlineData("2012-07-01T12:00:00", "2012-07-01T12:00:00+04:00")]
    [InlineData("2014-10-26T00:59:59", "2014-10-26T00:59:59+04:00")]
    [InlineData("2014-10-26T01:30:00", "2014-10-26T01:30:00+04:00", "2014-10-26T01:30:00+03:00")]
    [InlineData("2014-10-26T02:00:00", "2014-10-26T02:00:00+03:00")]
    public void Parse_LocalTimeAroundAChangeOfMoscowsClock_HasTheOffsetOfThen(string text, string first, string? last = null)
    {
        var (start, end) = (Parse(text)!.Value, Parse(text, isEnd: true)!.Value);
        Assert.Equal((Exactly(first), Exactly(first).Offset), (start, start.Offset));
        Assert.Equal((Exactly(last ?? first), Exactly(last ?? first).Offset), (end, end.Offset));
    }

    [Theory]
    [InlineData("2026-02-31")]
    [InlineData("2026-02-29")]
    [InlineData("2100-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-10")]
    [InlineData("2026-03-11T24:00:00")]
    [InlineData("2026-03-11T12:60:00")]
    [InlineData("2026-03-11T12:09:60")]
    [InlineData("2026-03-11T12:09:01+24:00")]
    [InlineData("2026-03-11T12:09:01+14:30")]
    [InlineData("2026-03-11T12:09:01+03:60")]
    public void Parse_RightShapeButNoSuchTime_IsRefusedAsOne(string text)
    {
        Assert.Null(Parse(text));
        Assert.StartsWith("is a date or time that does not exist", FaultOf(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("1899-12-31T23:59:59")]
    [InlineData("9999-12-31")]
    public void Parse_YearOutOfReach_IsRefusedForItsYear(string text)
    {
        Assert.Null(Parse(text));
        Assert.StartsWith("lies outside the years 1900 to 9990", FaultOf(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("now")]
    [InlineData("11.03.2026")]
    [InlineData("31.02.2026")]
    [InlineData("11.03.2026 12:09:01")]
    [InlineData("03/11/2026")]
    [InlineData("2026-3-11")]
    [InlineData("20260311")]
    [InlineData("2026-03-11T")]
    [InlineData("2026-03-11T12")]
    [InlineData("2026-03-11T12:09:01.")]
    [InlineData("2026-03-11T12:09:01+3")]
    [InlineData("2026-03-11T12:09:01+0300")]
    [InlineData("2026-03-11T12:09:01 MSK")]
    [InlineData("2026-03-11Z")]
    [InlineData("2026-03-11\n")]
    [InlineData("2026-03-11\0")]
    [InlineData("٢٠٢٦-٠٣-١١")]
    [InlineData("2026-W11-3")]
    [InlineData("1773219600")]
    public void Parse_AnotherShape_IsRefusedWithAnExampleOfEachAcceptedOne(string text)
    {
        Assert.Null(Parse(text));
        var words = FaultOf(text);
        Assert.StartsWith("cannot be read", words, StringComparison.Ordinal);
        Assert.NotNull(Parse("2026-03-11"));
        Assert.All(
            ["2026-03-11)", "2026-03-11T12:09:01)", "2026-03-11T12:09:01+03:00"],
            example => Assert.Contains(example, words, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_VeryLong_IsRefusedAtOnce() => Assert.Null(Parse("2026-03-11T12:09:01." + new string('1', 100_000) + "x"));

    private static DateTimeOffset? Parse(string text, bool isEnd = false) =>
        QueryMoment.Parse(text, Moscow, out _) is { } moment ? (isEnd ? moment.End : moment.Start) : null;

    private static string FaultOf(string text)
    {
        QueryMoment.Parse(text, Moscow, out var fault);
        return fault!;
    }

    private static DateTimeOffset Exactly(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
