using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The configured rented numbers: a closed list, if there are any.</summary>
internal sealed class RentedNumberDirectory(IOptions<RentedNumbersOptions> options)
{
    private readonly FrozenDictionary<string, RentedNumberOptions> listed = options.Value
        .Select(item => (Number: Numbers.TryNormalise(item.Number, out var number) ? number : "", Item: item))
        .DistinctBy(pair => pair.Number)
        .ToFrozenDictionary(pair => pair.Number, pair => pair.Item, StringComparer.Ordinal);

    private readonly ConditionalWeakTable<NumberView, NumberView> restricted = [];

    /// <summary>Whether only configured numbers exist.</summary>
    public bool IsClosed => listed.Count > 0;

    /// <summary>The configured numbers.</summary>
    public IReadOnlyDictionary<string, RentedNumberOptions> Listed => listed;

    /// <summary>What people call a number.</summary>
    public string? LabelOf(string number) => listed.GetValueOrDefault(number)?.Label;

    /// <summary>Whether a number exists as far as the configuration tells.</summary>
    public bool Knows(string number) => !IsClosed || listed.ContainsKey(number);

    /// <summary>The part of a view that exists: a closed list is closed for every resource, not for those of one number only.</summary>
    public NumberView Restrict(NumberView view) =>
        IsClosed ? restricted.GetValue(view, whole => NumberView.Of(listed.Keys.Where(whole.Includes))) : view;
}
