using System.ComponentModel;
using System.Text.Json.Serialization;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The rented numbers that the caller may read.</summary>
/// <param name="Items">The numbers, in ascending order.</param>
internal sealed record RentedNumberList(IReadOnlyList<RentedNumberSummary> Items);

/// <summary>A rented number and what it received in the range that was asked for.</summary>
/// <param name="Number">The number, <c>7XXXYYYYYYY</c>.</param>
/// <param name="Label">What people call it; null where the configuration gives no name.</param>
/// <param name="MessageCount">Messages received in the range.</param>
/// <param name="LastMessageAt">When the last of them was received; null where there was none.</param>
/// <param name="Silent">
/// Whether nothing has arrived for longer than <c>ExpectWithin</c>. Left out for a number without one, and while WEBSMS has not told enough.
/// </param>
[DisplayName("RentedNumber")]
internal sealed record RentedNumberSummary(
    RentedNumber Number, string? Label, int MessageCount, DateTimeOffset? LastMessageAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Silent);
