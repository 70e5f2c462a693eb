using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

public sealed class CodePatternTests
{
    [Theory]
    [InlineData(@"PIN-(\d{4})", "your PIN-1234 is ready", "1234")]
    [InlineData(@"(?<code>[a-z]+)$", "a b cd", "cd")]
    [InlineData(@"(?i)код (\w+)", "КОД аб-12", "аб")]
    [InlineData(@"(?:a|b)(\d*)", "b1", "1")]
    [InlineData(@"(\d+)", "none", null)]
    [InlineData(@"a(\d*)", "a", null)]
    [InlineData(@"(x)?a", "a", null)]
    public void GroupIn_FirstMatch_IsItsGroupAsItStands(string pattern, string text, string? expected) =>
        Assert.Equal(expected, CodePattern.Parse(pattern, out _)!.GroupIn(text));

    [Theory]
    [InlineData("", "1 to 200")]
    [InlineData("a", "0 groups")]
    [InlineData("(a)(b)", "2 groups")]
    [InlineData("(a", "insufficient closing parentheses")]
    [InlineData("[a", "unterminated bracket")]
    [InlineData(@"(a)\1", "linear time")]
    [InlineData("(?=a)(b)", "linear time")]
    [InlineData("(?>a)(b)", "linear time")]
    [InlineData("(?<!a)(b)", "linear time")]
    [InlineData("(.{0,999})", "too large")]
    [InlineData("((?:a{0,40}b){0,40})", "too large")]
    public void Parse_WhatIsNotTaken_SaysWhy(string pattern, string words)
    {
        Assert.Null(CodePattern.Parse(pattern, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_TheSameText_SoThatReadersAtOnePlaceShareTheirReading()
    {
        var (one, same, other) = (CodePattern.Parse("(a)", out _), CodePattern.Parse("(a)", out _), CodePattern.Parse("(b)", out _));

        Assert.Equal(new CodeFilter(Pattern: one), new CodeFilter(Pattern: same));
        Assert.NotEqual(new CodeFilter(Pattern: one), new CodeFilter(Pattern: other));
        Assert.Equal(one!.GetHashCode(), same!.GetHashCode());
    }
}
