using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>
/// A page made from records of the whole account tells a caller of one number of problems with records of its own number, by day and reason.
/// A position would count the records of others, and a record without a readable number may be anybody's.
/// </summary>
public sealed class ProblemViewTests
{
    private const string Page = "/messages?from=2024-05-20&to=2024-05-20";

    private const string Others = """
        {"sms_date":"20.05.2024 09:00:01","rentnum":"79031234567","telnum":"900","message":"чужой \uD83D"},
        {"sms_date":"20.05.2024 09:00:02","rentnum":"7902x","telnum":"900","message":"чей?"},
        {"sms_date":"32.05.2024 09:00:03","rentnum":"79031234567","telnum":"900","message":"чужой"},
        """;

    private const string Own = """
        {"sms_date":"20.05.2024 09:00:04","rentnum":"79021234567","telnum":"900","message":"свой \uD83D"},
        {"sms_date":"20.05.2024 09:00:05","rentnum":"79021234567","telnum":"900","message":"свой \uD83D"},
        {"sms_date":"32.05.2024 09:00:06","rentnum":"79021234567","telnum":"900","message":"свой"}
        """;

    [Theory]
    [InlineData(Page)]
    [InlineData($"/rented-numbers/{RunningGateway.Number}/messages?from=2024-05-20&to=2024-05-20")]
    public async Task Page_OfACallerOfOneNumber_ListsDayAndReasonOfItsOwnRecordsOnly(string path)
    {
        var all = await ProblemsAsync(Others + Own, Page, RunningGateway.Key);
        Assert.Equal(
            ["1 unreadable-characters", "2 unreadable-number", "3 unreadable-date", "4 unreadable-characters", "5 unreadable-characters",
                "6 unreadable-date"],
            all.Select(problem => $"{problem.GetProperty("position")} {problem.GetProperty("reason")}"));

        var narrow = await ProblemsAsync(Others + Own, path, RunningGateway.NarrowKey);
        Assert.Equal(
            ["""{"day":"2024-05-20","reason":"unreadable-characters"}""", """{"day":"2024-05-20","reason":"unreadable-date"}"""],
            narrow.Select(problem => problem.GetRawText()));
        Assert.Equal(
            narrow.Select(problem => problem.GetRawText()),
            (await ProblemsAsync(Own, path, RunningGateway.NarrowKey)).Select(problem => problem.GetRawText()));
    }

    private static async Task<List<JsonElement>> ProblemsAsync(string records, string path, string key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var webSms = builder.Build();
        webSms.MapGet("/http_feedback.asp", () => Results.Text($"[{records}]", "application/json"));
        await webSms.StartAsync();
        await using var gateway = RunningGateway.Start(
            new FakeTimeProvider(new DateTimeOffset(2024, 5, 20, 15, 0, 0, TimeSpan.FromHours(3))),
            ("Upstream:BaseAddress", webSms.Urls.First() + "/"), ("Upstream:Username", "demo"), ("Upstream:Password", "demo"));
        using var client = gateway.NewClient(key);

        using var page = JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return [.. page.RootElement.Clone().GetProperty("problems").EnumerateArray()];
    }
}
