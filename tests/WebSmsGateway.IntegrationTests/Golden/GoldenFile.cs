using System.Globalization;
using System.Text;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Golden;

/// <summary>
/// Requests and their answers as one text. It shows every byte of a body and is readable in a diff. Cursors have names, and a list at the
/// end has their values.
/// </summary>
internal sealed class GoldenFile
{
    private const string Preface = """
        Answers that callers get, byte for byte. GoldenTests.cs makes this file and compares it; WEBSMS_WRITE_GOLDEN=1 writes it.

        Each request is followed by its status, some of its headers, and its body, indented. A line end of the body is shown as ␊ or
        ␍␊; a line that does not end so goes on in the next one. Invisible characters are shown as \u{FEFF}. Cursors are shown as
        {cursor 1}, and the list at the end has their values. The ETag and the Content-Length of a page with a cursor depend on it.

        """;

    private static readonly string[] ShownHeaders =
    [
        "ETag", "Content-Type", "Cache-Control", "Cache-Status", "Content-Disposition", "Vary", "Content-Length", "Allow", "Retry-After",
        "WWW-Authenticate",
    ];

    private static readonly string[] Methods = ["GET ", "HEAD ", "POST "];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StringBuilder text = new(Preface.ReplaceLineEndings("\n"));
    private readonly List<string> cursors = [];

    private static string Path => Repository.PathOf("tests", "WebSmsGateway.IntegrationTests", "Golden", "answers.txt");

    public void Begin(string title) => text.Append(CultureInfo.InvariantCulture, $"\n\n## {title}\n");

    /// <summary>Adds a request and its answer.</summary>
    /// <returns>The body, read to its end.</returns>
    public async Task<string> AddAsync(
        HttpMethod method, string target, IEnumerable<(string Name, string Value)> headers, HttpResponseMessage response)
    {
        var body = Strict.GetString(await response.Content.ReadAsByteArrayAsync());
        if (CursorOf(body) is { } cursor && !cursors.Contains(cursor))
        {
            cursors.Add(cursor);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{method} {WithoutCursors(target)}\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"=> {(int)response.StatusCode}\n");
        foreach (var name in ShownHeaders)
        {
            // Typed headers are no substitute: they differ from the sent text and include a calculated length.
            if (response.Headers.NonValidated.TryGetValues(name, out var values)
                || response.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                // The tag of an ascending page covers the epoch of the archive, which is random.
                var isOfAnEpoch = name == "ETag" && target.Contains("order=asc", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"{name}: {(isOfAnEpoch ? "of an epoch" : string.Join(" | ", values))}\n");
            }
        }

        text.Append(Visible(WithoutCursors(body)));
        return body;
    }

    /// <summary>The <c>nextCursor</c> of a page; null for none.</summary>
    public static string? CursorOf(string body)
    {
        if (!body.StartsWith("{\"items\"", StringComparison.Ordinal))
        {
            return null;
        }

        using var page = JsonDocument.Parse(body);
        return page.RootElement.TryGetProperty("nextCursor", out var cursor) ? cursor.GetString() : null;
    }

    /// <summary>Compares with the committed file, or writes it.</summary>
    public async Task CompareAsync()
    {
        text.Append("\n\n## Cursors\n\n");
        for (var i = 0; i < cursors.Count; i++)
        {
            // A cursor is encrypted, and has the random epoch.
            text.Append(CultureInfo.InvariantCulture, $"{{cursor {i + 1}}} {cursors[i].Length} characters\n");
        }

        var actual = text.ToString();
        if (Environment.GetEnvironmentVariable("WEBSMS_WRITE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Path, actual, Strict);
        }

        var expected = Strict.GetString(await File.ReadAllBytesAsync(Path));
        Assert.True(expected == actual, Difference(expected.Split('\n'), actual.Split('\n')));
    }

    private static string Difference(string[] expected, string[] actual)
    {
        var line = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var before = expected.Take(line + 1).ToList();
        return $"""
            An answer is no longer what Golden/answers.txt says, line {line + 1},
            {before.FindLast(text => text.StartsWith("## ", StringComparison.Ordinal))},
            {before.FindLast(text => Methods.Any(method => text.StartsWith(method, StringComparison.Ordinal)))}:
            expected: {expected.ElementAtOrDefault(line)}
            actual:   {actual.ElementAtOrDefault(line)}
            If that is intended, write the file and look at its difference:
            WEBSMS_WRITE_GOLDEN=1 dotnet test tests/WebSmsGateway.IntegrationTests --filter GoldenTests
            """;
    }

    private string WithoutCursors(string value)
    {
        for (var i = 0; i < cursors.Count; i++)
        {
            value = value.Replace(cursors[i], $"{{cursor {i + 1}}}", StringComparison.Ordinal);
        }

        return value;
    }

    private static string Visible(string body)
    {
        if (body.Length == 0)
        {
            return "";
        }

        var shown = new StringBuilder();
        foreach (var rune in body.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => shown.Append("␊\n"),
                '\r' => shown.Append('␍'),
                _ when IsInvisible(rune) => shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}"),
                _ => shown.Append(rune.ToString()),
            };
        }

        // Each message has a line.
        shown.Replace("[{\"", "[\n{\"").Replace("},{\"", "},\n{\"").Replace("}],\"", "}],\n\"").Replace("\"errors\":{", "\n\"errors\":{");
        var lines = shown.ToString().TrimEnd('\n').Split('\n');
        return string.Concat(lines.Select(line => $"    {line}\n"));
    }

    private static bool IsInvisible(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
