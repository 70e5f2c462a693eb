using System.Security.Cryptography;
using System.Text;

namespace WebSmsGateway.Benchmarks;

/// <summary>The configuration of a caller whose key is its name.</summary>
internal static class CallerKey
{
    /// <summary>The arguments that give a gateway this caller, for all numbers.</summary>
    public static string[] Arguments(int index, string name) =>
    [
        $"--Authentication:ApiKeys:{index}:Name={name}", $"--Authentication:ApiKeys:{index}:Numbers=*",
        $"--Authentication:ApiKeys:{index}:Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}",
    ];
}
