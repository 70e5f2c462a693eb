using System.Globalization;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>The wall clock of the account passes midnight or is changed.</summary>
public abstract class WallClockTests(string start) : Scenario(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture))
{
    private protected virtual int Minutes => 150;

    [Fact]
    public async Task Follow_MessagesAllTheTime_EachIsGivenOnceInItsOrder()
    {
        await using var gateway = Start();
        var from = Uri.EscapeDataString($"{Clock.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        var paged = new PageFollower(gateway, $"from={from}&limit=3");
        var begun = new PageFollower(gateway, "", "now");
        await paged.ReadAsync();
        await begun.ReadAsync();
        var sent = new List<string>();
        for (var half = 0; half < 2 * Minutes; half++)
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            sent.Add($"в {Clock.GetUtcNow().UtcDateTime:HH:mm:ss}");
            Arrive(sent[^1]);
            await paged.ReadAsync();
            await begun.ReadAsync();
            if (half % 40 == 39)
            {
                // Nobody reads for a while.
                Clock.Advance(TimeSpan.FromMinutes(11));
            }
        }

        Clock.Advance(TimeSpan.FromSeconds(10));
        await paged.ReadAllAsync();
        await begun.ReadAllAsync();
        await SettleAsync(gateway);
        await paged.ReadAllAsync();

        Assert.Equal(sent, paged.Texts);
        Assert.Equal(sent, begun.Texts);
        Assert.Equal(sent.Count, paged.Messages.DistinctBy(message => message.Id).Count());
        var whole = new PageFollower(gateway, $"from={from}&limit=1000");
        await whole.ReadAllAsync();
        Assert.Equal(sent.Order(), whole.Texts.Order());
    }
}

public sealed class MidnightTests() : WallClockTests("2026-03-15T23:30:10+03:00")
{
    private protected override int Minutes => 60;
}

public sealed class NewYearTests() : WallClockTests("2026-12-31T23:30:10+03:00")
{
    private protected override int Minutes => 60;
}

/// <summary>Moscow repeated the hour from 01:00 to 02:00 and has had no summer time since.</summary>
public sealed class MoscowChangeTests() : WallClockTests("2014-10-26T00:30:10+04:00");

public sealed class SummerTimeBeginsTests() : WallClockTests("2026-03-29T01:30:10+01:00")
{
    private protected override string Zone => "Europe/Berlin";
}

public sealed class SummerTimeEndsTests() : WallClockTests("2026-10-25T01:30:10+02:00")
{
    private protected override string Zone => "Europe/Berlin";
}
