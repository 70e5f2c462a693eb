using System.Net;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Messages;

public sealed class SingleMessageTests(GatewayAtNoon noon) : IClassFixture<GatewayAtNoon>, IAsyncLifetime
{
    private const string OfNumber = "/rented-numbers/79021234567/messages";
    private const string OfOther = "/rented-numbers/79021234568/messages";

    private string id = "";
    private string idOfOther = "";

    public async Task InitializeAsync()
    {
        noon.Account.ClearMessages();
        noon.Account.AddMessages(
            GatewayAtNoon.Sms("2026-03-09 10:00:00", "свой"), GatewayAtNoon.Sms("2026-03-09 10:00:00", "чужой", number: "79021234568"));
        id = GatewayAtNoon.Ids(await noon.Gateway.GetAsync($"{OfNumber}?from=2026-03-09")).Single();
        idOfOther = GatewayAtNoon.Ids(await noon.Gateway.GetAsync($"{OfOther}?from=2026-03-09")).Single();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Message_KnownId_IsTheOneOfThePage()
    {
        foreach (var path in (string[])
            [
                $"/messages/{id}", $"{OfNumber}/{id}", $"/messages/{id.ToLowerInvariant()}", $"/rented-numbers/+79021234567/messages/{id}",
                $"/rented-numbers/%2B79021234567/messages/{id}",
            ])
        {
            using var response = await noon.Client.GetAsync(path);
            var message = await GatewayAtNoon.ReadAsync(response);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(id, message.GetProperty("id").GetString());
            Assert.Equal("свой", message.GetProperty("text").GetString());
            Assert.NotNull(response.Headers.ETag);

            // The next recheck of the day is due when it is three days old.
            Assert.Equal(TimeSpan.FromDays(1.5), response.Headers.CacheControl!.MaxAge!.Value);
        }
    }

    [Theory]
    [InlineData("20260309-000000000000")]
    [InlineData("20260309-7K3M9Q2X4C8")]
    [InlineData("20260231-7K3M9Q2X4C8N")]
    [InlineData("20990101-7K3M9Q2X4C8N")]
    [InlineData("00010101-7K3M9Q2X4C8N")]
    [InlineData("99991231-7K3M9Q2X4C8N")]
    [InlineData("1")]
    [InlineData("20260309-7K3M9Q2X4C8N%2F..")]
    [InlineData("%D0%B8%D0%BC%D1%8F")]
    public async Task Message_UnknownOrImpossibleId_IsNotFound(string unknown)
    {
        foreach (var path in (string[])[$"/messages/{unknown}", $"{OfNumber}/{unknown}"])
        {
            using var response = await noon.Client.GetAsync(path);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("not-found", (await GatewayAtNoon.ReadAsync(response)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Message_OfAnotherNumber_IsNotFoundUnderThisOne()
    {
        using var response = await noon.Client.GetAsync($"{OfNumber}/{idOfOther}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task NarrowKey_ForeignMessage_IsNotFoundAndItsNumberForbidden()
    {
        using var narrow = noon.Gateway.NewClient(RunningGateway.NarrowKey);
        using var own = await narrow.GetAsync($"/messages/{id}");
        using var foreign = await narrow.GetAsync($"/messages/{idOfOther}");
        using var number = await narrow.GetAsync($"{OfOther}/{idOfOther}");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, number.StatusCode);
    }

    [Fact]
    public async Task NarrowKey_AllMessages_AreItsOwnAndDifferInTheirTag()
    {
        using var narrow = noon.Gateway.NewClient(RunningGateway.NarrowKey);
        foreach (var path in (string[])["/messages?from=2026-03-09", "/messages?from=2026-03-09&order=asc"])
        {
            using var all = await noon.Client.GetAsync(path);
            using var own = await narrow.GetAsync(path);

            Assert.Equal(2, GatewayAtNoon.Ids(await GatewayAtNoon.ReadAsync(all)).Count());
            Assert.Equal([id], GatewayAtNoon.Ids(await GatewayAtNoon.ReadAsync(own)));
            Assert.NotEqual(all.Headers.ETag, own.Headers.ETag);
        }
    }

    [Fact]
    public async Task TwoEqualMessagesOfOneSecond_HaveTwoLastingIds()
    {
        noon.Account.AddMessages(GatewayAtNoon.Sms("2026-03-08 10:00:00", "раз"), GatewayAtNoon.Sms("2026-03-08 10:00:00", "раз"));
        var ids = GatewayAtNoon.Ids(await noon.Gateway.GetAsync($"{OfNumber}?from=2026-03-08&to=2026-03-08")).ToList();
        await using var another = RunningGateway.Start(noon.Simulator, noon.Account, noon.Clock, ("Upstream:Format", "xml"));
        var idsThere = GatewayAtNoon.Ids(await another.GetAsync("/messages?from=2026-03-08&to=2026-03-08")).ToList();

        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(ids, idsThere);
        foreach (var each in ids)
        {
            Assert.Equal(each, (await another.GetAsync($"/messages/{each}")).GetProperty("id").GetString());
        }
    }
}
