namespace WebSmsGateway.Archive;

/// <summary>Names a record: one number, or all numbers of the account, and one local day.</summary>
/// <param name="Scope">A rented number, or <see cref="Account"/>.</param>
/// <param name="Day">The local day.</param>
internal readonly record struct DayKey(string Scope, DateOnly Day)
{
    /// <summary>The scope of all numbers of the account.</summary>
    public const string Account = "*";
}
