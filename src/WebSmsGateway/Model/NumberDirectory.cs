using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace WebSmsGateway.Model;

/// <summary>A configured rented number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Entry">Its place in the configuration. It stands for the number where the number must not be shown.</param>
/// <param name="Label">The operator's name for it; null for none.</param>
/// <param name="ExpectWithin">The longest normal silence; null if silence raises no alarm.</param>
internal sealed record ListedNumber(RentedNumber Number, string Entry, string? Label, TimeSpan? ExpectWithin);

/// <summary>The configured rented numbers. If at least one is configured, no other number exists.</summary>
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

    public IReadOnlyCollection<ListedNumber> Listed => listed.Values;

    public string? LabelOf(RentedNumber number) => listed.GetValueOrDefault(number)?.Label;

    public bool Knows(RentedNumber number) => known.Includes(number);

    /// <summary>The numbers of a set that exist. Resources of the whole account are restricted to them, too.</summary>
    public NumberSet Restrict(NumberSet numbers) => IsClosed ? restricted.GetValue(numbers, known.Intersect) : numbers;
}
