using System.Globalization;
using System.Text;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

public sealed class WireDatesTests
{
    [Theory]
    [InlineData("11.03.2013 12:09:01", "2013-03-11T12:09:01")]
    [InlineData("01.01.2021 9:45:04", "2021-01-01T09:45:04")]
    [InlineData("1.2.2021 0:00:00", "2021-02-01T00:00:00")]
    [InlineData("01.02.2013", "2013-02-01T00:00:00")]
    [InlineData("29.02.2024 23:59", "2024-02-29T23:59:00")]
    [InlineData("  11.03.2013   12:09:01\t", "2013-03-11T12:09:01")]
    public void TryRead_Date_IsRead(string text, string expected)
    {
        Assert.True(WireDates.TryRead(Encoding.UTF8.GetBytes(text), out var date));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), date);
        Assert.Equal(DateTimeKind.Unspecified, date.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("31.02.2013 12:00:00")]
    [InlineData("29.02.2023")]
    [InlineData("00.01.2013")]
    [InlineData("01.13.2013")]
    [InlineData("01.01.0000")]
    [InlineData("01.01.13")]
    [InlineData("2013-03-11 12:09:01")]
    [InlineData("11.03.2013 24:00:00")]
    [InlineData("11.03.2013 12:60:00")]
    [InlineData("11.03.2013 12:00:60")]
    [InlineData("11.03.2013 12")]
    [InlineData("11.03.2013 12:00:")]
    [InlineData("11.03.2013 12:00:00.5")]
    [InlineData("11.03.201312:00:00")]
    [InlineData("11.03.2013 12:00:00 x")]
    [InlineData("١١.03.2013")]
    public void TryRead_NoDate_IsRefused(string text) => Assert.False(WireDates.TryRead(Encoding.UTF8.GetBytes(text), out _));
}
