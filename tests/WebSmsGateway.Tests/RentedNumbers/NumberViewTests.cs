using WebSmsGateway.RentedNumbers;

namespace WebSmsGateway.Tests.RentedNumbers;

public sealed class NumberViewTests
{
    [Fact]
    public void Includes_AllNumbers_IsTrueForAny()
    {
        Assert.True(NumberView.All.IsAll);
        Assert.True(NumberView.All.Includes("79021234567"));
    }

    [Fact]
    public void Includes_SomeNumbers_IsTrueForThemOnly()
    {
        var view = NumberView.Of(["79021234567", "79021234568"]);

        Assert.False(view.IsAll);
        Assert.True(view.Includes("79021234568"));
        Assert.False(view.Includes("79021234569"));
        Assert.False(view.Includes("7902123456"));
    }

    [Fact]
    public void Includes_NoNumbers_IsFalseForAny() => Assert.False(NumberView.Of([]).Includes("79021234567"));

    [Fact]
    public void Fingerprint_SameNumbers_IsTheSameInAnyOrderAndDiffersFromAnyOther()
    {
        var view = NumberView.Of(["79021234567", "79021234568"]);

        Assert.Equal(view.Fingerprint, NumberView.Of(["79021234568", "79021234567", "79021234567"]).Fingerprint);
        NumberView[] views = [view, NumberView.All, NumberView.Of([]), NumberView.Of(["79021234567"])];
        Assert.Equal(4, views.Select(each => each.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Fingerprint_Numbers_AreNotInIt() =>
        Assert.DoesNotContain("7902", NumberView.Of(["79021234567"]).Fingerprint, StringComparison.Ordinal);
}
