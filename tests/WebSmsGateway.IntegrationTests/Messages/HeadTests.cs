using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>HEAD is GET without a body (RFC 9110, 9.3.2).</summary>
public sealed class HeadTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    [Theory]
    [InlineData("/messages?from=2026-03-10", "application/json", 200)]
    [InlineData("/messages?from=2026-03-10", "text/csv", 200)]
    [InlineData("/rented-numbers", "application/json", 200)]
    [InlineData("/messages?limit=0", "application/json", 400)]
    [InlineData("/messages/20260310-7K3M9Q2X4C8N", "application/json", 404)]
    [InlineData("/problems", "text/html", 200)]
    public async Task Head_OfAnyResource_HasTheHeadersOfGetAndNoBody(string path, string accept, int status)
    {
        noon.Account.ClearMessages();
        noon.Account.AddMessages(GatewayAtNoon.Sms("2026-03-10 10:00:00"));
        using var warm = await GatewayAtNoon.GetAsync(noon.Client, path, "Accept", accept);
        using var get = await GatewayAtNoon.GetAsync(noon.Client, path, "Accept", accept);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Accept", accept);
        using var head = await noon.Client.SendAsync(request);

        Assert.Equal(status, (int)head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        foreach (var name in (string[])["ETag", "Cache-Control", "Cache-Status", "Vary"])
        {
            Assert.Equal(Header(get, name), Header(head, name));
        }

        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Content.Headers.ContentDisposition, head.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task Head_OfAStream_EndsAtOnce()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/messages/stream");
        using var head = await noon.Client.SendAsync(request);
        using var next = await noon.Client.GetAsync("/rented-numbers");

        Assert.Equal("text/event-stream", head.Content.Headers.ContentType!.MediaType);
        Assert.Equal(200, (int)next.StatusCode);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
