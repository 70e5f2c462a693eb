using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace WebSmsGateway.RentedNumbers;

/// <summary>
/// The rented numbers that a caller may read. Nothing that reads messages can be called without one, and only
/// <c>Authentication/</c> hands them out.
/// </summary>
internal sealed class NumberView
{
    /// <summary>Every number of the account.</summary>
    public static readonly NumberView All = new(null);

    private readonly FrozenSet<string>? numbers;

    private NumberView(FrozenSet<string>? numbers)
    {
        this.numbers = numbers;
        Fingerprint = numbers is null
            ? "all"
            : Convert.ToHexStringLower(
                SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', numbers.Order(StringComparer.Ordinal)))).AsSpan(0, 16));
    }

    /// <summary>Names the view without naming its numbers: parts of entity tags, so that no cached answer crosses views.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether every number of the account is in the view.</summary>
    public bool IsAll => numbers is null;

    /// <summary>A view of these numbers only, each <c>7XXXYYYYYYY</c>.</summary>
    public static NumberView Of(IEnumerable<string> numbers) => new(numbers.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Whether the caller may read a number.</summary>
    public bool Includes(string number) => numbers is null || numbers.Contains(number);
}
