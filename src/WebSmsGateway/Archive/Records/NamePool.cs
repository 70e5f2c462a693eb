using System.Runtime.InteropServices;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// Gives all messages of an answer the same string for the same number or sender. Separate strings would take more memory, and would
/// make filtering by number slower.
/// </summary>
internal sealed class NamePool
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public string Shared(string name)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(names, name, out _);
        return known ??= name;
    }
}
