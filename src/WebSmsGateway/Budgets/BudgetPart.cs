namespace WebSmsGateway.Budgets;

/// <summary>The closed list of what is budgeted. Each part has one <see cref="Budget"/> in the <see cref="BudgetTable"/>.</summary>
internal enum BudgetPart
{
    /// <summary>Bytes of day records, cached pages and shared readings.</summary>
    Caches,

    /// <summary>Bytes of answers of WEBSMS while they are read.</summary>
    Answers,

    /// <summary>Bytes of connections: what the server holds for each, buffers included.</summary>
    Connections,

    /// <summary>Bytes of answers to callers that are not sent yet.</summary>
    Unsent,
}

internal static class BudgetParts
{
    /// <summary>The name in metrics and messages.</summary>
    public static string Name(this BudgetPart part) => part switch
    {
        BudgetPart.Caches => "caches",
        BudgetPart.Answers => "answers",
        BudgetPart.Connections => "connections",
        BudgetPart.Unsent => "unsent",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "This part has no name."),
    };
}
