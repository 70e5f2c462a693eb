using System.Net;

namespace WebSmsGateway.IntegrationTests.Messages;

/// <summary>A request whose <c>Accept</c> refuses everything that there is gets 406, and WEBSMS is not asked.</summary>
public sealed class NotAcceptableTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>
{
    private const string OfNumber = "/rented-numbers/79021234567/messages";
    private const string Id = "20260301-7K3M9Q2X4C8N";

    [Theory]
    [InlineData("/messages", "application/xml")]
    [InlineData("/messages", "application/json;q=0")]
    [InlineData("/messages", "*/*;q=0")]
    [InlineData("/messages", "application/*;q=0, text/csv;q=0")]
    [InlineData("/messages", "text/html, image/*")]
    [InlineData(OfNumber + "?order=asc&cursor=now&wait=50", "text/html")]
    [InlineData(OfNumber, "text/event-stream")]
    [InlineData("/messages/stream", "application/json")]
    [InlineData(OfNumber + "/stream", "text/csv")]
    [InlineData("/rented-numbers", "text/csv")]
    [InlineData("/messages/" + Id, "text/csv")]
    [InlineData(OfNumber + "/" + Id, "application/x-ndjson")]
    public async Task Accept_RefusesEverything_Is406(string path, string accept)
    {
        noon.Account.ClearRequests();
        using var response = await GatewayAtNoon.GetAsync(noon.Client, path, "Accept", accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal("not-acceptable", (await GatewayAtNoon.ReadAsync(response)).GetProperty("code").GetString());
        Assert.Empty(noon.Account.Requests());
    }

    [Theory]
    [InlineData("/messages", "*/*;q=0.1, application/json;q=0")]
    [InlineData("/messages", "application/json;charset=utf-8")]
    [InlineData("/rented-numbers", "text/csv, */*;q=0.1")]
    [InlineData("/rented-numbers", "*; q=.2")]
    [InlineData("/rented-numbers", "not a media type")]
    [InlineData("/rented-numbers", "")]
    [InlineData("/health/live", "text/plain")]
    public async Task Accept_LeavesSomething_IsAnswered(string path, string accept)
    {
        using var response = await GatewayAtNoon.GetAsync(noon.Client, path, "Accept", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
