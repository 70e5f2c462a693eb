using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>A hash over all that happened in a world and when.</summary>
internal sealed class DigestOfStory
{
    private readonly XxHash64 hash = new();

    public ulong Value => hash.GetCurrentHashAsUInt64();

    public void Add(TimeSpan at, string line)
    {
        var ticks = at.Ticks;
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in ticks)));
        hash.Append(MemoryMarshal.AsBytes(line.AsSpan()));
    }
}
