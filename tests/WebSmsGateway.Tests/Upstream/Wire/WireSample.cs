using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>The files under <c>Samples/</c>: one per oddity of the wire.</summary>
internal static class WireSample
{
    public const string RentNum = "79021234567";
    public const string TelNum = "79036800129";

    public static readonly DateTime First = new(2013, 3, 11, 12, 9, 1);
    public static readonly DateTime Second = new(2013, 3, 11, 12, 13, 1);

    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Upstream", "Wire", "Samples");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static WireDocument Read(string name, string? charset = null) => WireReader.Read(Bytes(name), charset, WireEnd.Proven);

    public static string[] Texts(this WireDocument document) => [.. document.Records.Select(record => record.Message)];

    /// <summary>Problems as "position reason", in order.</summary>
    public static string[] ProblemList(this WireDocument document) =>
        [.. document.Problems.Select(problem => $"{problem.Position} {problem.Reason}")];
}
