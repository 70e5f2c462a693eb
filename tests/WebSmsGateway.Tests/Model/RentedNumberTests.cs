using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

public sealed class RentedNumberTests
{
    [Theory]
    [InlineData("79021234567")]
    [InlineData("+79021234567")]
    public void TryParse_RentedNumber_IsDigitsWithoutPlus(string text)
    {
        Assert.True(RentedNumber.TryParse(text, out var number));
        Assert.Equal("79021234567", number.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("7902123456")]
    [InlineData("790212345678")]
    [InlineData("89021234567")]
    [InlineData("++79021234567")]
    [InlineData("7902123456x")]
    [InlineData("7902123456٣")]
    [InlineData("79021234567 ")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(RentedNumber.TryParse(text, out _));

    [Fact]
    public void Masked_Number_ShowsFourAndTwoDigits() => Assert.Equal("7902*****67", RentedNumber.Reported("79021234567").Masked);

    [Fact]
    public void Masked_SomethingShort_ShowsNothing() => Assert.Equal("*****", RentedNumber.Reported("900").Masked);
}
