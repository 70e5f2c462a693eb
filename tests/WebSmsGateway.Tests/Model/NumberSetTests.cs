using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

public sealed class NumberSetTests
{
    [Fact]
    public void Includes_AllNumbers_IsTrueForAny()
    {
        Assert.True(NumberSet.All.IsAll);
        Assert.True(NumberSet.All.Includes(RentedNumber.Reported("79021234567")));
    }

    [Fact]
    public void Includes_SomeNumbers_IsTrueForThemOnly()
    {
        var numbers = NumberSet.Parse(["79021234567", "79021234568"]);

        Assert.False(numbers.IsAll);
        Assert.True(numbers.Includes(RentedNumber.Reported("79021234568")));
        Assert.False(numbers.Includes(RentedNumber.Reported("79021234569")));
        Assert.False(numbers.Includes(RentedNumber.Reported("7902123456")));
    }

    [Fact]
    public void Includes_NoNumbers_IsFalseForAny() => Assert.False(NumberSet.Of([]).Includes(RentedNumber.Reported("79021234567")));

    [Fact]
    public void Fingerprint_SameNumbers_IsTheSameInAnyOrderAndDiffersFromAnyOther()
    {
        var numbers = NumberSet.Parse(["79021234567", "79021234568"]);

        Assert.Equal(numbers.Fingerprint, NumberSet.Parse(["79021234568", "79021234567", "79021234567"]).Fingerprint);
        NumberSet[] views = [numbers, NumberSet.All, NumberSet.Of([]), NumberSet.Parse(["79021234567"])];
        Assert.Equal(4, views.Select(each => each.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Fingerprint_Numbers_AreNotInIt() =>
        Assert.DoesNotContain("7902", NumberSet.Parse(["79021234567"]).Fingerprint, StringComparison.Ordinal);

    [Fact]
    public void Parse_AnEntryForAll_IsAllWhateverStandsBesideIt() => Assert.True(NumberSet.Parse(["79021234567", "*"]).IsAll);

    [Fact]
    public void Intersect_OfTwoSets_HoldsWhatBothHold()
    {
        var (first, second) = (NumberSet.Parse(["79021234567", "79021234568"]), NumberSet.Parse(["79021234568", "79021234569"]));

        Assert.Equal(NumberSet.Parse(["79021234568"]).Fingerprint, first.Intersect(second).Fingerprint);
        Assert.Same(first, first.Intersect(NumberSet.All));
        Assert.Same(first, NumberSet.All.Intersect(first));
    }
}
