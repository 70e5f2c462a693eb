using WebSmsGateway.Model;

namespace WebSmsGateway.Archive;

/// <summary>What one question to WEBSMS is about: one rented number, or all numbers of the account.</summary>
/// <param name="Number">The number; null for the account.</param>
internal readonly record struct Scope(RentedNumber? Number)
{
    /// <summary>All numbers of the account.</summary>
    public static readonly Scope Account;

    /// <summary>The number, or <c>*</c>.</summary>
    public override string ToString() => Number?.ToString() ?? "*";
}

/// <summary>Names a day record.</summary>
/// <param name="Scope">Whose day.</param>
/// <param name="Day">The local day.</param>
internal readonly record struct DayKey(Scope Scope, DateOnly Day);
