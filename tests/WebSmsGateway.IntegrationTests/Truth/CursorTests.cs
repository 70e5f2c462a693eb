using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebSmsGateway.IntegrationTests.Archive;
using WebSmsGateway.IntegrationTests.Feed;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Model;
using WebSmsGateway.Tests.Archive.Following;

namespace WebSmsGateway.IntegrationTests.Truth;

/// <summary>Cursors that are not the last one of this walk.</summary>
public sealed class CursorTests() : Scenario(Noon)
{
    private const string Query = "order=asc&from=2026-03-15";

    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.FromHours(3));

    [Fact]
    public async Task Cursor_Damaged_IsRefusedWithTheParameter()
    {
        await using var gateway = Start();
        var cursor = await CursorAsync(gateway);
        Assert.InRange(cursor.Length, 1, 119);
        var damaged = Enumerable.Range(0, cursor.Length)
            .Select(i => $"{cursor[..i]}{(cursor[i] == 'A' ? 'B' : 'A')}{cursor[(i + 1)..]}")
            .Concat([cursor[..^1], cursor + "A", cursor + "=", " " + cursor, "", "null", "nows"])
            .Concat([new string('A', cursor.Length), new string('z', 5000)]);

        foreach (var text in damaged)
        {
            await RefusedAsync(gateway, $"{Query}&cursor={Uri.EscapeDataString(text)}");
        }
    }

    [Theory]
    [InlineData("order=asc&from=2026-03-14")]
    [InlineData("order=asc&from=2026-03-15&sender=900")]
    [InlineData("order=asc&from=2026-03-15&contains=x")]
    [InlineData("order=desc&from=2026-03-15")]
    [InlineData("order=asc&from=2026-03-15&to=2026-03-15")]
    public async Task Cursor_OfAnotherQuery_IsRefused(string query)
    {
        await using var gateway = Start();
        await RefusedAsync(gateway, $"{query}&cursor={await CursorAsync(gateway)}");
    }

    [Fact]
    public async Task Cursor_OfAGatewayWithAnotherKey_IsRefused()
    {
        await using var gateway = Start();
        await using var other = Start(("Cache:EncryptionKeys:0", Convert.ToBase64String(new byte[32])));

        await RefusedAsync(gateway, $"{Query}&cursor={await CursorAsync(other)}");
    }

    [Fact]
    public async Task Cursor_OfAnotherEpoch_GoesOnWithTwoMinutesGivenAgainAtMost()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            Account.Receive($"2026-03-15 11:{minute:00}:00", $"в 11:{minute:00}");
        }

        string cursor;
        List<Given> before;
        await using (var gateway = Start())
        {
            var follower = new PageFollower(gateway, "from=2026-03-15");
            await follower.ReadAllAsync();
            (cursor, before) = (follower.Cursor!, follower.Messages);
        }

        Arrive("новое");
        await using var other = Start();
        var goesOn = new PageFollower(other, "from=2026-03-15", cursor);
        await goesOn.ReadAllAsync();

        Assert.Equal("новое", goesOn.Messages[^1].Text);
        Assert.Equal(60, before.Count);
        Assert.All(goesOn.Messages.SkipLast(1), again =>
        {
            Assert.Contains(again, before);
            Assert.True(again.ReceivedAt >= Noon.AddMinutes(-2), again.Text);
        });
    }

    [Fact]
    public async Task Cursor_OldButWithinTheRange_GivesEverythingSince()
    {
        await using var gateway = Start();
        var follower = new PageFollower(gateway, "from=2026-03-15");
        Account.Receive("2026-03-15 11:00:00", "известное");
        await follower.ReadAllAsync();
        for (var day = 16; day <= 31; day++)
        {
            Account.Receive($"2026-03-{day} 10:00:00", $"{day} марта");
        }

        GoTo(Noon.AddDays(20));
        await follower.ReadAllAsync();

        Assert.Equal(["известное", .. Enumerable.Range(16, 16).Select(day => $"{day} марта")], follower.Texts);
    }

    [Fact]
    public async Task Cursor_OlderThanTheLongestRange_IsRefused()
    {
        await using var gateway = Start();
        var cursor = (await gateway.GetAsync("/messages?order=asc&cursor=now")).Next();
        GoTo(Noon.AddDays(370));
        await RefusedAsync(gateway, $"order=asc&cursor={cursor}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(512)]
    public async Task Cursor_OfTheVersionBefore_IsAPlaceInTime(int given)
    {
        foreach (var time in (string[])["10:00:00", "11:00:00", "11:56:30", "11:59:00"])
        {
            Account.Receive($"2026-03-15 {time}", $"в {time}");
        }

        await using var gateway = Start();
        var from = new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.FromHours(3));

        // The overlap of that cursor begins two minutes before its place.
        var ascending = EarlierCursorText.Of(given, MessageQuery.FingerprintOf(null, from, null, null, null, ascending: true), Noon.AddMinutes(-3));
        var follower = new PageFollower(gateway, "from=2026-03-15", ascending);
        Assert.Equal(["в 11:59:00"], await follower.ReadAllAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Arrive("новое");
        Assert.Equal(["новое"], await follower.ReadAllAsync());

        var descending = EarlierCursorText.Of(given, MessageQuery.FingerprintOf(null, from, null, null, null, ascending: false), Noon.AddMinutes(-6));
        var back = new PageFollower(gateway, "from=2026-03-15", descending, order: "desc");
        Assert.Equal(["в 11:00:00", "в 10:00:00"], await back.ReadAllAsync());

        await RefusedAsync(gateway, $"order=asc&cursor={ascending}");
        await RefusedAsync(gateway, $"{Query}&cursor={ascending[..^1]}{(ascending[^1] == 'A' ? 'Q' : 'A')}");
    }

    [Theory]
    [InlineData(0, 2L)]
    [InlineData(9, long.MaxValue)]
    [InlineData(9, long.MinValue)]
    [InlineData(25, long.MaxValue)]
    [InlineData(25, 0L)]
    [InlineData(25, -1L)]
    public async Task Cursor_OfTheVersionBeforeForgedWithItsChecksum_IsRefused(int offset, long value)
    {
        await using var gateway = Start();
        var bytes = Base64Url.DecodeFromChars(EarlierCursorText.Of(1, 1, Noon));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(offset), value);

        await RefusedAsync(gateway, $"{Query}&cursor={EarlierCursorText.Checked(bytes)}");
        await RefusedAsync(gateway, $"order=desc&cursor={EarlierCursorText.Checked(bytes)}");
    }

    [Theory]
    [InlineData("Last-Event-ID")]
    [InlineData(null)]
    public async Task Cursor_BadOnAStream_IsRefused(string? header)
    {
        await using var gateway = Start();
        var cursor = await CursorAsync(gateway);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, header is null ? $"/messages/stream?lastEventId={cursor[..^1]}" : "/messages/stream");
        if (header is not null)
        {
            request.Headers.Add(header, cursor[..^1]);
        }

        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<string> CursorAsync(RunningGateway gateway) => (await gateway.GetAsync($"/messages?{Query}")).Next();

    private static async Task RefusedAsync(RunningGateway gateway, string query)
    {
        using var response = await gateway.Client.GetAsync($"/messages?{query}");
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{query} gives {response.StatusCode}");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty("cursor", out _), query);
    }
}
