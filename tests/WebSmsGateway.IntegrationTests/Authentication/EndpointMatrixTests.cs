using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>Every endpoint with every kind of credentials. An endpoint without a row here fails the test.</summary>
public sealed class EndpointMatrixTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>, IAsyncLifetime
{
    private const string Number = RunningGateway.Number;
    private const string OtherNumber = "79031234567";
    private const string OtherKey = "key-of-another-number";
    private const string Text = "Тест матрицы";

    /// <summary>The route of the Swagger page. It is mapped for every method, and refuses all but GET and HEAD itself.</summary>
    private const string Files = "/swagger/{**path}";

    private static readonly string[] Credentials =
        ["no key", "wrong key", "key of another number", "right key", "expired token", "token of another issuer", "token without the claim",
            "token with the claim"];

    private static readonly int[] Public = [200, 200, 200, 200, 200, 200, 200, 200];

    /// <summary>The statuses of a resource of one number.</summary>
    private static readonly int[] OfNumber = [401, 401, 403, 200, 401, 401, 403, 200];

    /// <summary>The statuses of a resource of all numbers that the caller may read. There may be none.</summary>
    private static readonly int[] OfCaller = [401, 401, 200, 200, 401, 401, 200, 200];

    /// <summary>The statuses of one message. It does not exist for callers of other numbers.</summary>
    private static readonly int[] OfMessage = [401, 401, 404, 200, 401, 401, 404, 200];

    /// <summary>The statuses of a webhook of another caller. It does not exist for anybody here.</summary>
    private static readonly int[] OfWebhook = [401, 401, 404, 404, 401, 401, 404, 404];

    private static readonly Row[] Rows =
    [
        new("/rented-numbers", "/rented-numbers?from=2013-03-11&to=2013-03-11", OfCaller),
        new("/rented-numbers/{number}/messages", $"/rented-numbers/{Number}/messages?from=2013-03-11&to=2013-03-11", OfNumber),
        new("/rented-numbers/{number}/messages", $"/rented-numbers/+{Number}/messages?from=2013-03-11&to=2013-03-11", OfNumber, "text/csv"),
        new("/rented-numbers/{number}/messages", $"/rented-numbers/{Number}/messages?from=2013-03-11&to=2013-03-11", OfNumber,
            "application/x-ndjson"),
        new("/rented-numbers/{number}/messages/{id}", $"/rented-numbers/{Number}/messages/{{id}}", OfNumber),
        new("/rented-numbers/{number}/messages/stream", $"/rented-numbers/{Number}/messages/stream", OfNumber),
        new("/rented-numbers/{number}/code", $"/rented-numbers/{Number}/code?wait=0", [401, 401, 403, 204, 401, 401, 403, 204]),
        new("/messages/code", "/messages/code?wait=0", [401, 401, 204, 204, 401, 401, 204, 204]),
        new("/messages", "/messages?from=2013-03-11&to=2013-03-11", OfCaller),
        new("/messages", "/messages?from=2013-03-11&to=2013-03-11", OfCaller, "text/csv"),
        new("/messages", "/messages?from=2013-03-11&to=2013-03-11", OfCaller, "application/x-ndjson"),
        new("/messages/{id}", "/messages/{id}", OfMessage),
        new("/messages/stream", "/messages/stream", OfCaller),
        new("/tickets", "/tickets", [401, 401, 201, 201, 401, 401, 201, 201], Method: "POST"),
        new("/", "/", Public),
        new("/webhooks", "/webhooks", OfCaller),
        new("/webhooks/{name}", "/webhooks/shop", OfWebhook),
        new("/webhooks/{name}/test", "/webhooks/shop/test", OfWebhook, Method: "POST"),
        new("/webhooks/{name}/pause", "/webhooks/shop/pause", OfWebhook, Method: "POST"),
        new("/webhooks/{name}/resume", "/webhooks/shop/resume", OfWebhook, Method: "POST"),
        new("/webhooks/{name}/replay", "/webhooks/shop/replay?from=2013-03-11&to=2013-03-11", OfWebhook, Method: "POST"),
        new("/problems", "/problems", Public),
        new("/problems/{code}", "/problems/forbidden", Public),
        new("/health/live", "/health/live", Public),
        new("/health/ready", "/health/ready", Public),
        new("/openapi/websms-gateway.json", "/openapi/websms-gateway.json", Public),
        new(Files, "/swagger/index.html", Public),
    ];

    private TestIssuer issuer = null!;
    private RunningGateway gateway = null!;

    public async Task InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "79161234567", Text) { LocalTime = new(2013, 3, 11, 12, 9, 1) });
        gateway = RunningGateway.Start(
            fixture.Simulator, account, clock: null,
            [.. ProbeGateway.Key(2, "another", OtherKey, OtherNumber), .. issuer.Settings,
                ("RateLimiting:UnauthenticatedPerMinute", "1000000")]);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task EveryEndpoint_EachKindOfCredentials_AnswersAsTheTableSays()
    {
        var page = await gateway.GetAsync("/messages?from=2013-03-11&to=2013-03-11");
        var id = page.GetProperty("items")[0].GetProperty("id").GetString()!;
        var faults = new List<string>();
        foreach (var row in Rows)
        {
            for (var i = 0; i < Credentials.Length; i++)
            {
                var path = row.Path.Replace("{id}", id, StringComparison.Ordinal);
                var (status, body) = await AskAsync(row.Method, path, row.Accept, HeaderOf(Credentials[i]));
                if (status != row.Statuses[i])
                {
                    faults.Add($"{path} {row.Accept}, {Credentials[i]}: {status} instead of {row.Statuses[i]}");
                }

                if (status >= 400 && !body.Contains("\"traceId\"", StringComparison.Ordinal))
                {
                    faults.Add($"{path}, {Credentials[i]}: no problem but {body}");
                }

                if (Credentials[i] is not ("right key" or "token with the claim") && body.Contains(Text, StringComparison.Ordinal))
                {
                    faults.Add($"{path} {row.Accept}, {Credentials[i]}: shows the message");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void EveryEndpoint_OfTheGateway_HasARowAndEveryRowAnEndpoint()
    {
        var endpoints = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.Empty(WithoutRow(endpoints));
        Assert.DoesNotContain(Rows, row => !endpoints.Exists(endpoint => Stands(row, PatternOf(endpoint))));
    }

    [Fact]
    public async Task Endpoint_PlantedWithoutARow_IsFound()
    {
        await using var app = GatewayApplication.Create([]);
        app.MapGet("/rented-numbers/{number}/planted", () => "texts for everyone");
        app.MapDelete("/messages/{id}", () => "gone");

        Assert.Equal(
            ["DELETE /messages/{id}", "GET /rented-numbers/{number}/planted"],
            WithoutRow(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> WithoutRow(IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        let path = PatternOf(endpoint)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
        where !Rows.Any(row => Stands(row, path) && (method == row.Method || (method == "HEAD" && row.Method == "GET") || row.Pattern == Files))
        select $"{method} {path}";

    private static string PatternOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static bool Stands(Row row, string pattern) => pattern == row.Pattern;

    private (string Name, string Value)? HeaderOf(string credentials)
    {
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        return credentials switch
        {
            "wrong key" => ("X-Api-Key", "wrong"),
            "key of another number" => ("X-Api-Key", OtherKey),
            "right key" => ("X-Api-Key", RunningGateway.NarrowKey),
            "expired token" => Bearer(issuer.Token(Number, token => (token.NotBefore, token.Expires) = (past.AddHours(-1), past))),
            "token of another issuer" => Bearer(issuer.Token(Number, token => token.Issuer = "https://elsewhere.example.com")),
            "token without the claim" => Bearer(issuer.Token(numbers: null)),
            "token with the claim" => Bearer(issuer.Token(Number)),
            _ => null,
        };

        static (string, string) Bearer(string token) => ("Authorization", "Bearer " + token);
    }

    private async Task<(int Status, string Body)> AskAsync(string method, string path, string? accept, (string Name, string Value)? header)
    {
        using var client = gateway.NewClient(key: null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        if (header is { } credentials)
        {
            request.Headers.Add(credentials.Name, credentials.Value);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var isEndless = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return ((int)response.StatusCode, isEndless ? "" : await response.Content.ReadAsStringAsync());
    }

    /// <param name="Pattern">The mapped route.</param>
    /// <param name="Path">The requested path, behind its method where that is not GET; <c>{id}</c> stands for the id of a message.</param>
    /// <param name="Statuses">The status for each of <see cref="Credentials"/>.</param>
    /// <param name="Accept">The requested media type; null for none.</param>
    /// <param name="Method">The method.</param>
    private sealed record Row(string Pattern, string Path, int[] Statuses, string? Accept = null, string Method = "GET");
}
