using WebSmsGateway.Caching;

namespace WebSmsGateway.Tests.Caching;

public sealed class MessageIdTests
{
    [Fact]
    public void TryParse_WhatFormatWrote_InAnyLetterCase_IsTheSame()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var (day, hash) = (new DateOnly(2013, 3, 11).AddDays(i), (ulong)random.NextInt64() >> 3);
            var id = MessageId.Format(day, hash);

            Assert.True(MessageId.TryParse(i % 2 == 0 ? id : id.ToLowerInvariant(), out var readDay, out var readHash));
            Assert.Equal((day, hash), (readDay, readHash));
            Assert.Matches("^[0-9]{8}-[0-9A-HJKMNP-TV-Z]{12}$", id);
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
    [InlineData("2013-311-7K3M9Q2X4C8N")]
    [InlineData("٢٠١٣٠٣١١-7K3M9Q2X4C8N")]
    [InlineData("20130311-7K3M9Q2X4Cſ8")]
    [InlineData("20130311-ıK3M9Q2X4C8N")]
    public void TryParse_AnythingElse_IsRefused(string id) => Assert.False(MessageId.TryParse(id, out _, out _));
}
