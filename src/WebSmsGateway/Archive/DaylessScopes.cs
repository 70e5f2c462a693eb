using WebSmsGateway.Configuration;

namespace WebSmsGateway.Archive;

/// <summary>Scopes of which no day is held, in the order of their use. Whoever asks about made-up numbers gets one for each.</summary>
internal sealed class DaylessScopes
{
    private const int MaxScopes = 1000;

    [Bounded("1,000 scopes")]
    private readonly LinkedList<ScopeEntry> byUse = new();

    /// <summary>
    /// Holds a scope. It is used for a moment after it was found. The one that was used longest ago is not used any more, so it may go: numbers
    /// that anyone asks about must not leave something behind for ever.
    /// </summary>
    /// <returns>The scope that has to go; null if there is room.</returns>
    public ScopeEntry? Hold(ScopeEntry scope)
    {
        Leave(scope);
        byUse.AddLast(scope.Node);
        if (byUse.Count <= MaxScopes)
        {
            return null;
        }

        var oldest = byUse.First!.Value;
        Leave(oldest);
        return oldest;
    }

    /// <summary>Lets a scope go that has days.</summary>
    public void Leave(ScopeEntry scope)
    {
        if (scope.Node.List is not null)
        {
            byUse.Remove(scope.Node);
        }
    }
}
