namespace WebSmsGateway.Archive;

/// <summary>
/// One string for each number and sender of an answer: the same few stand in all its messages, which would otherwise each carry
/// their own, and reading an account's messages for one number would go to each of them.
/// </summary>
internal sealed class NamePool
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public string Shared(string name)
    {
        if (names.TryGetValue(name, out var known))
        {
            return known;
        }

        names.Add(name, name);
        return name;
    }
}
