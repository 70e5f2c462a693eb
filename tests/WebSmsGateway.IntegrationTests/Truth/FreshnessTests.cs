using WebSmsGateway.IntegrationTests.Archive;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>Freshness is a ceiling: no answer is older, and there is one question for each interval.</summary>
public sealed class FreshnessTests() : Scenario(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3)))
{
    [Fact]
    public async Task Read_TenReadersASecondForTwoMinutes_NoAnswerIsOlderAndFewQuestionsAreAsked()
    {
        await using var gateway = Start(("Cache:Freshness", "00:00:04"));
        await gateway.ReadAsync("2026-03-15");
        await SettleAsync(gateway);
        for (var tenth = 1; tenth <= 1200; tenth++)
        {
            if (tenth % 10 == 5)
            {
                Arrive($"{tenth}");
            }

            Clock.Advance(TimeSpan.FromMilliseconds(100));
            var read = await gateway.ReadAsync("2026-03-15", query: $"&limit={1 + (tenth % 10)}");

            // A page says whole seconds.
            Assert.InRange((Clock.GetUtcNow() - read.CompleteUntil).TotalSeconds, 0, 4.999);
            var newest = read.Texts.FirstOrDefault();
            Assert.True(tenth < 45 || int.Parse(newest!) >= tenth - 50, $"at {tenth} the newest message is {newest}");
        }

        Assert.InRange(Account.Requests().Count, 28, 32);
    }
}
