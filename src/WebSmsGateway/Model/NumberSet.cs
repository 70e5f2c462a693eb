using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace WebSmsGateway.Model;

/// <summary>The rented numbers that a caller may read: some numbers of the account, or all of them.</summary>
internal sealed class NumberSet
{
    /// <summary>The entry of configuration and claims that means all numbers.</summary>
    public const string AllEntry = "*";

    public static readonly NumberSet All = new(null);

    public static readonly NumberSet None = Of([]);

    private readonly FrozenSet<RentedNumber>? numbers;

    private NumberSet(FrozenSet<RentedNumber>? numbers)
    {
        this.numbers = numbers;
        var listed = numbers?.Select(number => number.ToString()).Order(StringComparer.Ordinal);
        Fingerprint = listed is null
            ? "all"
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', listed))).AsSpan(0, 16));
    }

    /// <summary>A name of the set that does not show its numbers. Entity tags contain it, so callers do not share cached answers.</summary>
    public string Fingerprint { get; }

    public bool IsAll => numbers is null;

    /// <summary>How many numbers are listed; 0 if all are included.</summary>
    public int Count => numbers?.Count ?? 0;

    /// <summary>The listed numbers; none if all are included.</summary>
    public IEnumerable<RentedNumber> Listed => numbers ?? Enumerable.Empty<RentedNumber>();

    public static NumberSet Of(IEnumerable<RentedNumber> numbers) => new(numbers.ToFrozenSet());

    /// <summary>Reads entries of the configuration or a claim: numbers, or <c>*</c> for all. Other entries are ignored.</summary>
    public static NumberSet Parse(IReadOnlyCollection<string> entries) => entries.Contains(AllEntry)
        ? All
        : Of(from entry in entries where RentedNumber.TryParse(entry, out _) select Parsed(entry));

    /// <summary>Whether an entry is a number, or <c>*</c> for all.</summary>
    public static bool IsEntry(string entry) => entry == AllEntry || RentedNumber.TryParse(entry, out _);

    public bool Includes(RentedNumber number) => numbers is null || numbers.Contains(number);

    /// <summary>Whether all numbers of another set are in this one.</summary>
    public bool IncludesAll(NumberSet other) =>
        numbers is null || (other.numbers is not null && other.numbers.All(numbers.Contains));

    public NumberSet Intersect(NumberSet other) =>
        numbers is null ? other : other.numbers is null ? this : Of(numbers.Where(other.Includes));

    private static RentedNumber Parsed(string entry) => RentedNumber.TryParse(entry, out var number) ? number : default;
}
