using System.Text.Json;
using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>
/// The claim of a token with the numbers that its caller may read: exactly <c>*</c>, a number, a text of numbers with commas or spaces
/// between them, or an array of these. Any other value gives no number at all, because half of a misread claim might be too much.
/// </summary>
internal static class NumbersClaim
{
    private static readonly char[] Separators = [',', ' '];

    public static NumberSet Read(JsonElement claim)
    {
        var entries = new List<string>();
        var isReadable = claim.ValueKind == JsonValueKind.Array
            ? claim.EnumerateArray().All(element => TryRead(element, entries))
            : TryRead(claim, entries);
        return isReadable ? NumberSet.Parse(entries) : NumberSet.None;
    }

    private static bool TryRead(JsonElement element, List<string> entries)
    {
        var count = entries.Count;
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                entries.Add(element.GetRawText());
                break;
            case JsonValueKind.String when element.GetString() == NumberSet.AllEntry:
                entries.Add(NumberSet.AllEntry);
                return true;
            case JsonValueKind.String:
                entries.AddRange(element.GetString()!.Split(Separators, StringSplitOptions.RemoveEmptyEntries));
                break;
        }

        return entries.Count > count && entries.Skip(count).All(entry => RentedNumber.TryParse(entry, out _));
    }
}
