using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace WebSmsGateway.Model;

/// <summary>The rented numbers that a caller may read: some of them, or all of the account.</summary>
internal sealed class NumberSet
{
    /// <summary>How all numbers are written in configuration and claims.</summary>
    private const string AllEntry = "*";

    /// <summary>Every number of the account.</summary>
    public static readonly NumberSet All = new(null);

    private readonly FrozenSet<RentedNumber>? numbers;

    private NumberSet(FrozenSet<RentedNumber>? numbers)
    {
        this.numbers = numbers;
        var listed = numbers?.Select(number => number.ToString()).Order(StringComparer.Ordinal);
        Fingerprint = listed is null
            ? "all"
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', listed))).AsSpan(0, 16));
    }

    /// <summary>Names the set without naming its numbers: part of entity tags, so that no cached answer crosses callers.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether every number of the account is in the set.</summary>
    public bool IsAll => numbers is null;

    /// <summary>A set of these numbers only.</summary>
    public static NumberSet Of(IEnumerable<RentedNumber> numbers) => new(numbers.ToFrozenSet());

    /// <summary>Reads entries of a configuration or a claim: numbers, or <c>*</c> for all. An entry that is neither adds nothing.</summary>
    public static NumberSet Parse(IReadOnlyCollection<string> entries) => entries.Contains(AllEntry)
        ? All
        : Of(from entry in entries where RentedNumber.TryParse(entry, out _) select Parsed(entry));

    /// <summary>Whether an entry is a number, or <c>*</c> for all.</summary>
    public static bool IsEntry(string entry) => entry == AllEntry || RentedNumber.TryParse(entry, out _);

    /// <summary>Whether a number is in the set.</summary>
    public bool Includes(RentedNumber number) => numbers is null || numbers.Contains(number);

    /// <summary>The numbers that are in both sets.</summary>
    public NumberSet Intersect(NumberSet other) =>
        numbers is null ? other : other.numbers is null ? this : Of(numbers.Where(other.Includes));

    private static RentedNumber Parsed(string entry) => RentedNumber.TryParse(entry, out var number) ? number : default;
}
