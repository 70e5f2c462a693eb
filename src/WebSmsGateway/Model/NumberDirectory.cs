using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace WebSmsGateway.Model;

/// <summary>A configured rented number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Entry">Its place in the configuration, which names it where a number must not be shown.</param>
/// <param name="Label">The operator's name for it; null where there is none.</param>
/// <param name="ExpectWithin">The longest silence that is normal; null where silence raises no alarm.</param>
internal sealed record ListedNumber(RentedNumber Number, string Entry, string? Label, TimeSpan? ExpectWithin);

/// <summary>The configured rented numbers. Where there are any, no other number exists.</summary>
internal sealed class NumberDirectory
{
    private readonly FrozenDictionary<RentedNumber, ListedNumber> listed;
    private readonly NumberSet known;
    private readonly ConditionalWeakTable<NumberSet, NumberSet> restricted = [];

    public NumberDirectory(IEnumerable<ListedNumber> numbers)
    {
        listed = numbers.DistinctBy(item => item.Number).ToFrozenDictionary(item => item.Number);
        known = listed.Count == 0 ? NumberSet.All : NumberSet.Of(listed.Keys);
    }

    /// <summary>Whether only configured numbers exist.</summary>
    public bool IsClosed => !known.IsAll;

    /// <summary>The configured numbers.</summary>
    public IReadOnlyCollection<ListedNumber> Listed => listed.Values;

    /// <summary>The operator's name for a number.</summary>
    public string? LabelOf(RentedNumber number) => listed.GetValueOrDefault(number)?.Label;

    /// <summary>Whether a number exists as far as the configuration says.</summary>
    public bool Knows(RentedNumber number) => known.Includes(number);

    /// <summary>The numbers of a set that exist. The list is closed for every resource, not only for those of one number.</summary>
    public NumberSet Restrict(NumberSet numbers) => IsClosed ? restricted.GetValue(numbers, known.Intersect) : numbers;
}
