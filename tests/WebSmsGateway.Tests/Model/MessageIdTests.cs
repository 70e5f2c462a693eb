using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Tests.Archive;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Model;

public sealed class MessageIdTests
{
    private static readonly RentedNumber Number = RentedNumber.Reported("79021234567");

    private const string IdKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    // Callers keep ids, so these values must never change. Another program computed them, without a key from the login "demo".
    [Theory]
    [InlineData(null, "79021234567", "79161234567", "2013-03-11T12:09:01", "Тест", 0, "20130311-KCRNEFKAN5B5")]
    [InlineData(null, "79021234567", "79161234567", "2013-03-11T12:09:01", "Тест", 1, "20130311-Y9E4BKX1WEZN")]
    [InlineData(null, "79021234567", "Sberbank", "2014-10-26T01:30:00", "Код: 4711 😀", 0, "20141026-ZVKYMH3SA612")]
    [InlineData(null, "79021234567", "900", "2026-01-01T00:00:00", "", 0, "20260101-C368HZZ0A72S")]
    [InlineData(IdKey, "79021234567", "79161234567", "2013-03-11T12:09:01", "Тест", 0, "20130311-3WM8HJ9YPHTV")]
    [InlineData(IdKey, "79021234567", "79161234567", "2013-03-11T12:09:01", "Тест", 1, "20130311-QJS8RZXRDP1B")]
    [InlineData(IdKey, "79021234567", "Sberbank", "2014-10-26T01:30:00", "Код: 4711 😀", 0, "20141026-MS9HBXRXMGCB")]
    [InlineData(IdKey, "79021234567", "900", "2026-01-01T00:00:00", "", 0, "20260101-3RF7TXK7GH9P")]
    public void ToString_KnownMessage_IsTheIdItAlwaysHad(
        string? key, string number, string sender, string local, string text, int ordinal, string id)
    {
        var time = DateTime.Parse(local);

        var made = MessageId.Of(
            SampleMessages.KeysOf("demo", key).Ids, RentedNumber.Reported(number), Sender.Reported(sender), time, text, ordinal);

        Assert.Equal(id, made.ToString());
        Assert.True(MessageId.TryParse(id.ToLowerInvariant(), out var parsed));
        Assert.Equal(made, parsed);
    }

    /// <summary>An id once was an unkeyed hash: from a proxy's log the code in the text was found in seconds.</summary>
    [Fact]
    public void Of_OneMessage_DependsOnTheKeyAndWithoutOneOnTheLogin()
    {
        MessageId Id(string login, string? key = null) => MessageId.Of(
            SampleMessages.KeysOf(login, key).Ids, Number, Sender.Reported("900"), new DateTime(2026, 3, 11), "Код 4711", 0);

        Assert.Equal(3, new[] { Id("demo"), Id("other"), Id("demo", IdKey) }.Distinct().Count());
        Assert.Equal(Id("demo", IdKey), Id("other", IdKey));
    }

    [Fact]
    public void TryParse_WhatToStringWrote_InAnyLetterCase_IsTheSame()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var id = new MessageId(new DateOnly(2013, 3, 11).AddDays(i), (ulong)random.NextInt64() >> 3);
            var text = id.ToString();

            Assert.True(MessageId.TryParse(i % 2 == 0 ? text : text.ToLowerInvariant(), out var read));
            Assert.Equal(id, read);
            Assert.Matches("^[0-9]{8}-[0-9A-HJKMNP-TV-Z]{12}$", text);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("20130311-7K3M9Q2X4C8")]
    [InlineData("20130311-7K3M9Q2X4C8NN")]
    [InlineData("20130311_7K3M9Q2X4C8N")]
    [InlineData("20130231-7K3M9Q2X4C8N")]
    [InlineData("20130311-7K3M9Q2X4C8U")]
    [InlineData("20130311-7K3M9Q2X4C8 ")]
    [InlineData("00010101-7K3M9Q2X4C8N")]
    [InlineData("18991231-7K3M9Q2X4C8N")]
    [InlineData("99991231-7K3M9Q2X4C8N")]
    [InlineData("2013-311-7K3M9Q2X4C8N")]
    [InlineData("٢٠١٣٠٣١١-7K3M9Q2X4C8N")]
    [InlineData("20130311-7K3M9Q2X4Cſ8")]
    [InlineData("20130311-ıK3M9Q2X4C8N")]
    [InlineData("20130311-")]
    [InlineData("２０130311-JTEPC20B8Q1W")]
    public void TryParse_AnythingElse_IsRefused(string id) => Assert.False(MessageId.TryParse(id, out _));

    [Fact]
    public void Of_PartsThatMeetElsewhere_AreDifferentMessages() =>
        Assert.NotEqual(
            MessageId.Of(SampleMessages.Keys.Ids, Number, Sender.Reported("7916"), new DateTime(2026, 3, 11), "1Тест", 0),
            MessageId.Of(SampleMessages.Keys.Ids, Number, Sender.Reported("79161"), new DateTime(2026, 3, 11), "Тест", 0));

    [Fact]
    public void Make_EqualMessagesOfOneSecond_HaveIdsOfTheirOwnWhateverTheOrder()
    {
        var factory = new MessageFactory(SampleMessages.Zone, SampleMessages.Keys);
        var record = new WireRecord(new DateTime(2026, 3, 11, 12, 0, 0), "79021234567", "+79161234567", "Тест");
        var other = record with { Message = "Другой" };

        var first = factory.Make([record, other, record], isNewestFirst: false, _ => null)[new DateOnly(2026, 3, 11)];
        var second = factory.Make([record, record, other], isNewestFirst: false, _ => null)[new DateOnly(2026, 3, 11)];

        Assert.Equal(3, first.Select(message => message.Id).Distinct().Count());
        Assert.Equal(first.Select(message => message.Id.ToString()).Order(), second.Select(message => message.Id.ToString()).Order());
        Assert.All(first, message => Assert.Equal("79161234567", message.Sender.ToString()));
    }

    [Fact]
    public void Make_KnownMessage_IsTakenOverAndNotSerialisedAgain()
    {
        var factory = new MessageFactory(SampleMessages.Zone, SampleMessages.Keys);
        var record = new WireRecord(new DateTime(2026, 3, 11, 12, 0, 0), "79021234567", "79161234567", "Тест");
        var messages = factory.Make([record], isNewestFirst: false, _ => null)[SampleMessages.Day];
        messages[0] = messages[0].Placed(0, new Stamp(1, 0), isFirst: true);
        var known = DayRecord.Of(SampleMessages.Day, [.. messages], SampleMessages.Metadata(SampleMessages.Moment(11, 13)));

        var again = factory.Make([record], isNewestFirst: false, _ => known)[SampleMessages.Day];

        Assert.Same(messages[0], Assert.Single(again));
    }
}
