using Microsoft.Playwright;
using WebSmsGateway.IntegrationTests.Browser;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.IntegrationTests.Tickets;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Inbox;

/// <summary>Somebody reads with a ticket: what it is for, until it ends.</summary>
public sealed class InboxTicketTests(ChromiumFixture chromium, SimulatorFixture fixture)
    : IClassFixture<ChromiumFixture>, IClassFixture<SimulatorFixture>
{
    private const string Number = RunningGateway.Number;
    private const string OtherNumber = "79021234568";

    [Fact]
    public async Task Ticket_UntilItEnds_ShowsItsNumberAndThenNothing()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "private"));
        await using var clock = new RunningClock();
        await using var gateway = InboxVisit.StartGateway(fixture, account, clock);
        var ticket = await TicketClient.MakeAsync(gateway.Client, $$"""{"numbers":["{{Number}}"],"expiresIn":600}""");
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress);

        await visit.Page.Locator(".check input").CheckAsync();
        await visit.SignInWithTicketAsync(ticket);
        await visit.WaitForTruthAsync("live");
        await visit.RowWith("private").Locator(".from").ClickAsync();
        await visit.Detail.Locator(".whole-text", new() { HasText = "private" }).WaitForAsync();
        account.AddMessages(new SimulatorMessage(Number, "900", "and this arrives"));
        await visit.RowWith("and this arrives").WaitForAsync();
        Assert.Empty(visit.Faults);

        clock.Advance(TimeSpan.FromSeconds(601));

        await visit.Page.Locator("#sign-in-fault", new() { HasText = "Your access has ended. Sign in again." }).WaitForAsync();
        await ExpectNothingOfAsync(visit, "private", "and this arrives", Number, ticket);
        account.AddMessages(new SimulatorMessage(Number, "900", "too late"));
        await visit.Page.ReloadAsync();
        await visit.Page.Locator("input[name=credential]").WaitForAsync();
        await visit.SignInWithTicketAsync(ticket);
        await visit.Page.Locator("#sign-in-fault", new() { HasText = "they have ended" }).WaitForAsync();
        await ExpectNothingOfAsync(visit, "too late", Number);
        Assert.DoesNotContain(visit.Requests, address => address.Contains(ticket, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Address_WithANumberThatTheTicketLacks_ShowsNothingOfIt()
    {
        var account = fixture.Simulator.NewAccount();
        account.AddMessages(new SimulatorMessage(Number, "900", "own"), new SimulatorMessage(OtherNumber, "Bank", "secret 471108"));
        await using var gateway = InboxVisit.StartGateway(
            fixture, account, ("RentedNumbers:0:Number", Number), ("RentedNumbers:1:Number", OtherNumber), ("RentedNumbers:1:Label", "Theirs"));
        var page = await gateway.GetAsync($"/rented-numbers/{OtherNumber}/messages");
        var id = page.GetProperty("items")[0].GetProperty("id").GetString();
        var ticket = await TicketClient.MakeAsync(gateway.Client, $$"""{"numbers":["{{Number}}"]}""");
        await using var visit = await InboxVisit.OpenAsync(chromium, gateway.BaseAddress, $"#/{OtherNumber}/{id}");

        await visit.SignInWithTicketAsync(ticket);

        await visit.Page.Locator(".list-end .fault", new() { HasText = "You may not read this number" }).WaitForAsync();
        await visit.Detail.Locator(".fault", new() { HasText = "You may not read this number" }).WaitForAsync();
        await visit.Page.Keyboard.PressAsync("c");
        await visit.Page.Locator(".toast", new() { HasText = "There is no code" }).WaitForAsync();
        await ExpectNothingOfAsync(visit, "secret", "471108", "Theirs", "Bank");

        foreach (var fragment in (string[])[$"#/{Number}/{id}", $"#/all/{id}?sender=Bank", $"#/all/{id}?text=secret&code=1"])
        {
            await visit.GoToAsync(fragment);
            await visit.Detail.Locator(".fault", new() { HasText = "Not found" }).WaitForAsync();
            Assert.Equal(0, await visit.RowWith("secret").CountAsync());
        }

        // A message of the other number arrives first. The page, which is live, shows the second one alone.
        await visit.GoToAsync("#/all");
        await visit.RowWith("own").WaitForAsync();
        account.AddMessages(new SimulatorMessage(OtherNumber, "Bank", "secret 380712"), new SimulatorMessage(Number, "900", "own, live"));
        await visit.RowWith("own, live").WaitForAsync();
        Assert.Equal(2, await visit.Rows.CountAsync());
        Assert.Equal(2, await visit.Page.Locator(".numbers a").CountAsync());
        await ExpectNothingOfAsync(visit, "secret", "380712", "Theirs", "Bank");
    }

    /// <summary>Neither the page nor what it keeps has any of these texts.</summary>
    private static async Task ExpectNothingOfAsync(InboxVisit visit, params string[] texts)
    {
        var content = await visit.Page.EvaluateAsync<string>(
            "document.body.outerHTML + document.title + JSON.stringify({ ...sessionStorage, ...localStorage }) + document.cookie");
        Assert.All(texts, text => Assert.DoesNotContain(text, content, StringComparison.Ordinal));
    }
}
