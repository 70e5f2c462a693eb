using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSmsGateway.Errors;

/// <summary>Why there is no answer (RFC 9457).</summary>
/// <param name="Type">Address of a page that explains it.</param>
/// <param name="Title">The same few words for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Code">What programs go by.</param>
/// <param name="TraceId">Names the request in the gateway's log.</param>
/// <param name="Errors">Where parameters are at fault: each one's name, with what is accepted.</param>
internal sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, string TraceId, IDictionary<string, string[]>? Errors = null)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ProblemJson.Default.Problem);
}

/// <summary>Source-generated JSON of problems.</summary>
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    // The relaxed encoder leaves Cyrillic and quotes readable; the media type and nosniff keep browsers from seeing HTML in it.
    static ProblemJson() => Default = new ProblemJson(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
