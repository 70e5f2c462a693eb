namespace WebSmsGateway.Upstream.Wire;

/// <summary>One SMS as the wire gave it: nothing is normalised yet but white space around the short fields.</summary>
/// <param name="Date">Wall-clock time of the account's zone, to the second; <see cref="DateTimeKind.Unspecified"/>.</param>
/// <param name="RentNum">The rented number that received the SMS, digits without <c>+</c>.</param>
/// <param name="TelNum">Who sent it, as received: a number with or without <c>+</c>, a short code or a name; may be empty.</param>
/// <param name="Message">The text; empty where the SMS was empty.</param>
internal sealed record WireRecord(DateTime Date, string RentNum, string TelNum, string Message);
