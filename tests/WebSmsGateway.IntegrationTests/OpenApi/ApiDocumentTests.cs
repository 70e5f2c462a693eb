using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.OpenApi;

/// <summary>The OpenAPI document equals the committed one, is valid, and describes the real answers.</summary>
public sealed class ApiDocumentTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Update = "UPDATE_OPENAPI";
    private const string Address = "openapi/websms-gateway.json";

    /// <summary>
    /// Every operation that answers callers with JSON, so that a new operation is tested as well. What waits for something new (204 if it
    /// does not come) has another answer each time, and so have webhooks.
    /// </summary>
    public static TheoryData<string> Operations => new(
        from path in JsonNode.Parse(File.ReadAllText(Repository.PathOf("openapi", "websms-gateway.json")))!["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Key == "get" && !path.Key.StartsWith("/webhooks", StringComparison.Ordinal)
        where method.Value!["security"]!.AsArray().Count > 0 && method.Value["responses"]!["200"]?["content"]?["application/json"] is not null
            && method.Value["responses"]!["204"] is null
        select (string)method.Value["operationId"]!);

    [Fact]
    public async Task Document_Served_IsTheCommittedOne()
    {
        using var client = NewClient(key: null);
        var served = await client.GetStringAsync(Address);
        var file = Repository.PathOf("openapi", "websms-gateway.json");
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(file, served);
        }

        Assert.True(
            served == await File.ReadAllTextAsync(file),
            $"The API is no longer what {Address} says. If that is intended, refresh the file and look at its difference: "
            + $"{Update}=1 dotnet test tests/WebSmsGateway.IntegrationTests --filter ApiDocumentTests");
    }

    [Fact]
    public async Task Document_ReadByAReader_HasNoFaults()
    {
        using var client = NewClient(key: null);

        var (document, diagnostic) = OpenApiDocument.Parse(await client.GetStringAsync(Address), OpenApiConstants.Json);

        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(("WebSmsGateway", "0.1.0"), (document!.Info.Title, document.Info.Version));
        Assert.NotNull(document.Info.Contact);
        Assert.Equal("..", Assert.Single(document.Servers!).Url);
        Assert.All(document.Paths.Values.SelectMany(path => path.Operations!.Values), operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.OperationId));
            Assert.False(string.IsNullOrEmpty(operation.Summary));
            Assert.False(string.IsNullOrEmpty(operation.Description));
            Assert.NotNull(operation.Security);
            Assert.Contains(operation.Responses!.Keys, status => status.StartsWith('4'));
            Assert.All(operation.Parameters ?? [], parameter => Assert.False(string.IsNullOrEmpty(parameter.Description)));
            Assert.All(operation.Responses!.Values, response => Assert.False(string.IsNullOrEmpty(response.Description)));
        });
        var ids = document.Paths.Values.SelectMany(path => path.Operations!.Values).Select(operation => operation.OperationId).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("GetLiveness")]
    [InlineData("GetReadiness")]
    public async Task Document_OfAHealthCheck_NeedsNoCredentials(string id)
    {
        var (_, operation) = OperationOf(await ReadAsync(), id);

        Assert.Empty(operation["security"]!.AsArray());
    }

    [Theory]
    [InlineData("GetRentedNumbers", "200 304 400 401 406 429 500 502 503 504")]
    [InlineData("GetMessages", "200 304 400 401 406 429 500 502 503 504")]
    [InlineData("GetMessage", "200 304 400 401 404 406 429 500 502 503 504")]
    [InlineData("GetMessagesOfNumber", "200 304 400 401 403 404 406 429 500 502 503 504")]
    [InlineData("StreamMessages", "200 400 401 406 429 500 502 503 504")]
    [InlineData("StreamMessagesOfNumber", "200 400 401 403 404 406 429 500 502 503 504")]
    [InlineData("GetNextCode", "200 204 400 401 406 429 500 502 503 504")]
    [InlineData("GetNextCodeOfNumber", "200 204 400 401 403 404 406 429 500 502 503 504")]
    [InlineData("GetWebhooks", "200 400 401 406 429 500 503")]
    [InlineData("GetWebhook", "200 400 401 404 406 429 500 503")]
    [InlineData("TestWebhook", "200 400 401 404 406 429 500 503")]
    [InlineData("PauseWebhook", "204 400 401 404 406 429 500 503")]
    [InlineData("ResumeWebhook", "204 400 401 404 406 429 500 503")]
    [InlineData("ReplayWebhook", "202 400 401 404 406 429 500 502 503 504")]
    [InlineData("GetMessageOfNumber", "200 304 400 401 403 404 406 429 500 502 503 504")]
    public async Task Document_OfAnOperation_NamesItsStatusesAndAllSchemes(string id, string statuses)
    {
        var (_, operation) = OperationOf(await ReadAsync(), id);

        Assert.Equal(statuses, string.Join(' ', operation["responses"]!.AsObject().Select(pair => pair.Key)));
        string[] schemes = ["ApiKey", "Bearer", "Ticket"];
        Assert.Equal(id.Contains("Webhook", StringComparison.Ordinal) ? schemes[..2] : schemes, SchemesOf(operation));
    }

    [Fact]
    public async Task Document_OfATicket_DescribesWhatTheSandboxTakesAndAnswers()
    {
        var document = await ReadAsync();
        var (path, operation) = OperationOf(document, "MakeTicket");
        using var client = NewClient(SandboxFixture.Key);
        var example = operation["requestBody"]!["content"]!["application/json"]!["example"]!;
        var answer = operation["responses"]!["201"]!["content"]!["application/json"]!["example"]!;

        using var body = new StringContent(example.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path.TrimStart('/'), body);
        var ticket = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("201 400 401 403 406 408 413 415 429 500 503", string.Join(' ', operation["responses"]!.AsObject().Select(pair => pair.Key)));
        Assert.Equal(["ApiKey", "Bearer"], SchemesOf(operation));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(answer.AsObject().Select(pair => pair.Key), ticket.AsObject().Select(pair => pair.Key));
        Assert.True(JsonNode.DeepEquals(answer["numbers"], ticket["numbers"]));
        var schema = document["components"]!["schemas"]!["TicketRequest"]!;
        Assert.Null(schema["required"]);
        Assert.Equal("""["all","code"]""", schema["properties"]!["fields"]!["enum"]!.ToJsonString());
        Assert.Equal((1, 43_200), ((int)schema["properties"]!["expiresIn"]!["minimum"]!, (int)schema["properties"]!["expiresIn"]!["maximum"]!));
    }

    [Theory]
    [InlineData("limit", """{"maximum":1000,"minimum":1,"type":"integer","format":"int32","default":100}""")]
    [InlineData("wait", """{"maximum":60,"minimum":0,"type":"number","format":"double"}""")]
    [InlineData("order", """{"enum":["desc","asc"],"type":"string","default":"desc"}""")]
    [InlineData("cursor", """{"type":"string"}""")]
    [InlineData("hasCode", """{"type":"boolean","default":false}""")]
    public async Task Document_OfAParameter_HasTheTypeThatItStandsFor(string name, string schema)
    {
        var (_, operation) = OperationOf(await ReadAsync(), "GetMessagesOfNumber");

        var parameter = Assert.Single(operation["parameters"]!.AsArray(), item => (string?)item!["name"] == name);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(schema), parameter!["schema"]), parameter["schema"]!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Examples_AsTheyStand_AreWhatTheSandboxAnswers(string id)
    {
        var (path, operation) = OperationOf(await ReadAsync(), id);
        var answer = operation["responses"]!["200"]!;
        using var client = NewClient(SandboxFixture.Key);

        foreach (var (mediaType, content) in answer["content"]!.AsObject())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WithExamples(path, operation));
            request.Headers.Add("Accept", mediaType);
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
            var example = content!["example"]!;
            var same = mediaType == "application/json"
                ? JsonNode.DeepEquals(example, JsonNode.Parse(body))
                : (string?)example == body.ReplaceLineEndings("\n");
            Assert.True(same, $"The example is {example.ToJsonString()}, the answer {body}.");
            if (mediaType == "application/json")
            {
                var sent = response.Headers.Concat(response.Content.Headers).Select(header => header.Key).ToList();
                Assert.All(
                    answer["headers"]!.AsObject().Where(header => header.Key != "Content-Disposition"),
                    header => Assert.Contains(header.Key, sent));
            }
        }
    }

    [Fact]
    public async Task ProblemSchema_OfARealProblem_NamesEveryField()
    {
        var document = await ReadAsync();
        using var client = NewClient(SandboxFixture.Key);

        using var response = await client.GetAsync("messages?limit=0");
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

        var schema = document["components"]!["schemas"]!["Problem"]!;
        Assert.Equal(schema["properties"]!.AsObject().Select(pair => pair.Key), problem.Select(pair => pair.Key));
        Assert.Equal(
            problem.Select(pair => pair.Key).Where(name => name != "errors").Order(StringComparer.Ordinal),
            schema["required"]!.AsArray().Select(name => (string?)name));
        var described = document["components"]!["responses"]!["Problem400"]!;
        var example = described["content"]!["application/problem+json"]!["examples"]!["invalid-request"]!["value"]!;
        Assert.True(JsonNode.DeepEquals(example["errors"], problem["errors"]), problem.ToJsonString());
    }

    [Fact]
    public async Task Document_WithoutCredentials_IsPublicLimitedAndRevalidated()
    {
        using var client = NewClient(key: null);
        using var first = await client.GetAsync(Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.True(first.Headers.Contains("RateLimit"));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("swagger")]
    [InlineData("swagger/")]
    [InlineData("swagger/index.html")]
    public async Task SwaggerUI_AtEachOfItsAddresses_IsPublicAndUnderTheSecurityHeaders(string address)
    {
        using var client = NewClient(key: null);

        using var response = await client.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.EndsWith("/swagger/index.html", response.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.Contains("RateLimit"));
        Assert.Contains(
            "default-src 'self'", string.Join(';', response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> SchemesOf(JsonNode operation) =>
        operation["security"]!.AsArray().Select(item => item!.AsObject().Single().Key);

    private static string WithExamples(string path, JsonNode operation)
    {
        var query = new List<string>();
        foreach (var parameter in operation["parameters"]!.AsArray())
        {
            var (name, example) = ((string)parameter!["name"]!, (string?)(parameter["example"] ?? parameter["schema"]!["example"]));
            if ((string?)parameter["in"] == "path")
            {
                path = path.Replace($"{{{name}}}", example, StringComparison.Ordinal);
            }
            else if (example is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(example)}");
            }
        }

        return $"{path}?{string.Join('&', query)}".TrimEnd('?').TrimStart('/');
    }

    private static (string Path, JsonNode Operation) OperationOf(JsonNode document, string id) =>
        document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, method.Value!)))
            .Single(operation => (string?)operation.Item2["operationId"] == id);

    private async Task<JsonNode> ReadAsync()
    {
        using var client = NewClient(key: null);
        return JsonNode.Parse(await client.GetStringAsync(Address))!;
    }

    private HttpClient NewClient(string? key)
    {
        var client = new HttpClient { BaseAddress = fixture.Sandbox.Gateway };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        return client;
    }
}
