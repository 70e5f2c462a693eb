using WebSmsGateway.Model;

namespace WebSmsGateway.Archive.Records;

/// <summary>The subject of a question to WEBSMS: one rented number, or all numbers of the account.</summary>
/// <param name="Number">The number; null for the account.</param>
internal readonly record struct Scope(RentedNumber? Number)
{
    public static readonly Scope Account;

    public override string ToString() => Number?.ToString() ?? "*";
}

/// <summary>The key of a day record: its scope and its local day.</summary>
internal readonly record struct DayKey(Scope Scope, DateOnly Day);
