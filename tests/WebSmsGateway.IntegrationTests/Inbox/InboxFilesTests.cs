using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>What the gateway serves at <c>/inbox</c>, and with which headers.</summary>
public sealed partial class InboxFilesTests(SimulatorFixture fixture, SandboxFixture sandbox)
    : IClassFixture<SimulatorFixture>, IClassFixture<SandboxFixture>
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const int MaxGzipBytes = 30_000;

    private static readonly string Folder = Repository.PathOf("src", "WebSmsGateway", "Inbox", "Page");
    private static readonly string SandboxFolder = Repository.PathOf("src", "WebSmsGateway.Sandbox", "Inbox", "Page");

    public static TheoryData<string> Files => new(NamesIn(Folder).Where(name => name != "index.html"));

    [Fact]
    public async Task Page_Enabled_HasTheStrictestPolicyAndIsAskedForAgain()
    {
        await using var gateway = Start();
        using var client = gateway.NewClient(null);

        using var response = await client.GetAsync("/inbox");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/inbox");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await client.SendAsync(again);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/inbox"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Policy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.True(response.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_InEveryEncoding_IsTheCommittedOneForEver(string name)
    {
        await using var gateway = Start();
        using var client = gateway.NewClient(null);
        var committed = await File.ReadAllBytesAsync(Path.Combine(Folder, name));
        var tags = new HashSet<string>();

        foreach (var (accepted, encoding) in ((string, string?)[])
                 [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", null), ("", null)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/" + name);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using var response = await client.SendAsync(request);

            Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Equal(committed, await DecodedAsync(response.Content, encoding));
            Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl!.ToString());
            Assert.Contains("Accept-Encoding", response.Headers.Vary);
            Assert.Equal(Policy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
            tags.Add(response.Headers.ETag!.Tag);
        }

        Assert.Equal(3, tags.Count);
    }

    [Fact]
    public async Task Page_Settings_SayWhatThePageHasToKnow()
    {
        await using var plain = Start();
        await using var open = Start(
            ("Upstream:TimeZone", "Asia/Vladivostok"), ("Inbox:MaskTexts", "true"), ("Authentication:AllowAnonymous", "true"));

        Assert.Equal("""{"zone":"Europe/Moscow","masked":false,"anonymous":false}""", await SettingsAsync(plain.BaseAddress));
        Assert.Equal("""{"zone":"Asia/Vladivostok","masked":true,"anonymous":true}""", await SettingsAsync(open.BaseAddress));
        Assert.Equal(
            """{"zone":"Europe/Moscow","masked":false,"anonymous":false,"sandboxKey":"sandbox"}""",
            await SettingsAsync(sandbox.Sandbox.Gateway));
    }

    [Fact]
    public async Task Page_NotEnabled_IsNotThere()
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, fixture.Simulator.NewAccount());

        foreach (var path in (string[])["inbox", .. NamesIn(Folder)])
        {
            using var response = await gateway.Client.GetAsync("/" + path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Page_WithASlashBehind_LeadsToTheOneWithout()
    {
        await using var gateway = Start();

        var answer = await gateway.Client.GetAsync("/inbox/");

        Assert.Equal(new Uri(gateway.BaseAddress, "inbox"), answer.RequestMessage!.RequestUri);
    }

    [Fact]
    public async Task Root_AskedByABrowser_LeadsToThePage()
    {
        await using var gateway = Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html,*/*;q=0.8");

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(new Uri(gateway.BaseAddress, "inbox"), answer.RequestMessage!.RequestUri);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task PartOfTheSandbox_IsServedByTheSandboxOnly()
    {
        await using var gateway = Start();
        var script = Assert.Single(NamesIn(SandboxFolder));
        using var stranger = new HttpClient { BaseAddress = sandbox.Sandbox.Gateway };

        foreach (var path in (string[])[script, "inbox/simulator/behaviour"])
        {
            using var response = await gateway.Client.GetAsync("/" + path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(SandboxFolder, script)), await stranger.GetStringAsync("/" + script));
        foreach (var (method, path) in ((HttpMethod, string)[])
                 [(HttpMethod.Get, "behaviour"), (HttpMethod.Put, "behaviour"), (HttpMethod.Post, "messages")])
        {
            // Without the key, as a page of another site would send it.
            using var request = new HttpRequestMessage(method, "/inbox/simulator/" + path);
            using var response = await stranger.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public void ScriptAndStyle_Together_AreSmall()
    {
        var sizes = new[] { Folder, SandboxFolder }
            .SelectMany(folder => NamesIn(folder).Where(name => name.EndsWith(".js", StringComparison.Ordinal) || name.EndsWith(".css", StringComparison.Ordinal))
                .Select(name => (name, Size: GzipBytes(Path.Combine(folder, name)))))
            .ToList();

        Assert.Equal(3, sizes.Count);
        Assert.True(sizes.Sum(file => file.Size) <= MaxGzipBytes, $"{sizes.Sum(file => file.Size)} bytes: {string.Join(", ", sizes)}");
    }

    private RunningGateway Start(params (string Key, string? Value)[] settings) => RunningGateway.Start(
        fixture.Simulator, fixture.Simulator.NewAccount(), null, [("Inbox:Enabled", "true"), .. settings]);

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path));

    private static long GzipBytes(string path)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        return target.Length;
    }

    private static async Task<byte[]> DecodedAsync(HttpContent content, string? encoding)
    {
        await using var body = await content.ReadAsStreamAsync();
        await using Stream decoded = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var target = new MemoryStream();
        await decoded.CopyToAsync(target);
        return target.ToArray();
    }

    private static async Task<string> SettingsAsync(Uri gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway };
        var page = await client.GetStringAsync("/inbox");
        var text = WebUtility.HtmlDecode(SettingsOf().Match(page).Groups["settings"].Value);
        using var settings = JsonDocument.Parse(text);
        return settings.RootElement.GetRawText();
    }

    [GeneratedRegex("name=\"inbox-settings\" content=\"(?<settings>[^\"]+)\"")]
    private static partial Regex SettingsOf();
}
