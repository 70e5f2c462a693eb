using WebSmsGateway.RentedNumbers;

namespace WebSmsGateway.Tests.RentedNumbers;

public sealed class NumbersTests
{
    [Theory]
    [InlineData("79021234567")]
    [InlineData("+79021234567")]
    public void TryNormalise_RentedNumber_IsDigitsWithoutPlus(string text)
    {
        Assert.True(Numbers.TryNormalise(text, out var number));
        Assert.Equal("79021234567", number);
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
    public void TryNormalise_AnythingElse_IsRefused(string? text) => Assert.False(Numbers.TryNormalise(text, out _));

    [Fact]
    public void Mask_Number_ShowsFourAndTwoDigits() => Assert.Equal("7902*****67", Numbers.Mask("79021234567"));

    [Fact]
    public void Mask_SomethingShort_ShowsNothing() => Assert.Equal("*****", Numbers.Mask("900"));
}
