using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Messages;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Budgets;

/// <summary>
/// Swagger UI, the document and the files of the inbox: public and large, so they are shared, limited, and cut off where nobody reads them.
/// </summary>
public sealed class StaticAnswersTests(SimulatorFixture fixture, SandboxFixture sandbox)
    : IClassFixture<SimulatorFixture>, IClassFixture<SandboxFixture>
{
    private const string Script = "/swagger/swagger-ui-bundle.js";
    private const string Document = "/openapi/websms-gateway.json";

    private static readonly string InboxScript = ScriptIn("WebSmsGateway");

    private readonly SimulatedAccount account = fixture.Simulator.NewAccount();

    public static TheoryData<string> PublicFiles => [Script, Document, "/inbox", .. InboxFiles()];

    public static TheoryData<string> LargeFiles => [Script, Document, InboxScript];

    [Theory]
    [InlineData(Script)]
    [InlineData(Document)]
    [InlineData("/swagger/index.js")]
    public async Task Answer_CompressedAndNot_HasTheSameBytes(string path)
    {
        await using var gateway = Start();
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = gateway.BaseAddress };
        var plain = await client.GetByteArrayAsync(path);

        using var response = await GatewayAtNoon.GetAsync(client, path, "Accept-Encoding", "br;q=0, gzip");
        var compressed = await response.Content.ReadAsByteArrayAsync();
        using var known = await GatewayAtNoon.GetAsync(client, path, "If-None-Match", $"{(await client.GetAsync(path)).Headers.ETag}");
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        Assert.True(compressed.Length < plain.Length * 2 / 3, $"{compressed.Length} of {plain.Length} bytes");
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(unpacked);
        }

        Assert.Equal(plain, unpacked.ToArray());
        Assert.Equal((HttpStatusCode.NotModified, plain.Length), (known.StatusCode, head.Content.Headers.ContentLength));
    }

    [Theory]
    [MemberData(nameof(PublicFiles))]
    public async Task Answers_MoreThanAnAddressMayAsk_AreLimited(string path)
    {
        await using var gateway = Start(("RateLimiting:UnauthenticatedPerMinute", "3"));
        using var client = gateway.NewClient(key: null);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.GetAsync(path);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task Answers_OfTheSandboxOnly_CountToo()
    {
        using var client = new HttpClient { BaseAddress = sandbox.Sandbox.Gateway };
        using var response = await client.GetAsync(ScriptIn("WebSmsGateway.Sandbox"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches("^\"default\";r=\\d+;t=\\d+$", Assert.Single(response.Headers.GetValues("RateLimit")));
    }

    [Theory]
    [MemberData(nameof(LargeFiles))]
    public async Task Answer_AskedForAndNotRead_IsCut(string path)
    {
        var clock = new FakeTimeProvider(GatewayAtNoon.Noon);
        await using var gateway = RunningGateway.StartWithSmallBuffers(
            fixture.Simulator, account, clock, ("RateLimiting:UnauthenticatedPerMinute", "1000"), ("Inbox:Enabled", "true"));
        var unread = new List<UnreadClient>();
        for (var i = 0; i < 20; i++)
        {
            var (client, head) = await UnreadClient.AskAsync(gateway.BaseAddress, path);
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
            unread.Add(client);
        }

        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return gateway.OpenConnections == 0;
            },
            "callers who do not read are cut off");

        // What was on the way is less than the file.
        var length = (await gateway.Client.GetByteArrayAsync(path)).Length;
        Assert.InRange(await unread[0].DrainAsync(), 0, Math.Min(length - 1, 100_000));
        unread.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/index.html")]
    [InlineData(Script)]
    [InlineData(Document)]
    public async Task Answers_SwitchedOff_AreNotThere(string path)
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, account, null, ("Swagger:Enabled", "false"));
        using var response = await gateway.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Answer_OfAnotherMethod_IsRefusedWithoutItsBody()
    {
        await using var gateway = RunningGateway.Start(fixture.Simulator, account);
        using var response = await gateway.Client.PostAsync(Script, content: null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 1, 2000);
    }

    private RunningGateway Start(params (string Key, string? Value)[] settings) =>
        RunningGateway.Start(fixture.Simulator, account, null, [("Inbox:Enabled", "true"), .. settings]);

    private static IEnumerable<string> InboxFiles(string project = "WebSmsGateway") =>
        Directory.EnumerateFiles(Repository.PathOf("src", project, "Inbox", "Page", "inbox")).Select(file => $"/inbox/{Path.GetFileName(file)}");

    private static string ScriptIn(string project) =>
        InboxFiles(project).Single(file => file.EndsWith(".js", StringComparison.Ordinal));
}
