using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Authentication;
using WebSmsGateway.IntegrationTests.Fixtures;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>The issuer changes its keys, is silent, and others send tokens meanwhile. The clock stands still until a test moves it.</summary>
public sealed class IssuerTests : IAsyncLifetime
{
    // Shorter than one fetch may take: a request that waits for one is later than this.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly RSA strange = RSA.Create(2048);
    private TestIssuer issuer = null!;
    private ProbeGateway gateway = null!;

    public async Task InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        issuer.Clock = clock;
        gateway = await StartAsync(clock, [.. issuer.Settings, ("RateLimiting:UnauthenticatedPerMinute", "1000000")]);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
        strange.Dispose();
    }

    [Fact]
    public async Task KeyChanged_RightAfterAnUnknownKeyOfSomebodyElse_IsKnownWithinTenSeconds()
    {
        var guess = TokenOfUnknownKey("guess");
        Assert.Equal(503, await StatusAsync(guess));
        await Eventually.TrueAsync(async () => await StatusAsync(guess) == 401, "the fetch does not end");
        issuer.ChangeKey("second");
        var valid = issuer.Token(Shop);

        using var early = await gateway.GetAsync("/probe/caller", Bearer(valid));
        Assert.Equal(503, (int)early.StatusCode);
        Assert.Contains("authentication-unavailable", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var delay = early.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(delay, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11));

        await AdvanceUntilAsync(async () => await StatusAsync(valid) == 200, delay);
    }

    [Fact]
    public async Task UnknownKeys_OfManyRequests_StartOneFetchInTenSeconds()
    {
        await UnknownKeysAsync();
        await FetchesAsync(2);

        await UnknownKeysAsync();
        clock.Advance(IssuerKeys.AskedInterval - TimeSpan.FromSeconds(1));
        await UnknownKeysAsync();
        Assert.Equal(2, issuer.Fetches);

        clock.Advance(TimeSpan.FromSeconds(1));
        await FetchesAsync(3);
        await UnknownKeysAsync();
        Assert.Equal(3, issuer.Fetches);
        Assert.Equal(200, await StatusAsync(issuer.Token(Shop)));

        Task UnknownKeysAsync() => Parallel.ForAsync(
            0, 100, async (_, _) => Assert.Equal(503, await StatusAsync(TokenOfUnknownKey($"{Guid.NewGuid()}"))));
    }

    [Fact]
    public async Task UnknownKey_NotFoundByAFetchThatBeganLater_Is401ForThisTokenOnly()
    {
        var wrong = TokenOfUnknownKey("next");
        Assert.Equal(503, await StatusAsync(wrong));
        await Eventually.TrueAsync(async () => await StatusAsync(wrong) == 401, "the token is still undecided");

        // Whoever guesses the name of the next key has not spoilt it for the tokens that it signs.
        issuer.ChangeKey("next");
        var valid = issuer.Token(Shop);
        Assert.Equal(503, await StatusAsync(valid));
        await AdvanceUntilAsync(async () => await StatusAsync(valid) == 200, IssuerKeys.AskedInterval);
    }

    [Fact]
    public async Task KeyWithoutName_Changed_IsFoundToo()
    {
        issuer.ChangeKey(id: null);
        var valid = issuer.Token(Shop);

        Assert.Equal(503, await StatusAsync(valid));
        await AdvanceUntilAsync(async () => await StatusAsync(valid) == 200, IssuerKeys.AskedInterval);
        Assert.Equal(401, await StatusAsync(issuer.Token(Shop, token => token.Audience = "another-service")));
    }

    [Fact]
    public async Task KeyRemoved_NobodyAsks_EndsWithTheNextFetch()
    {
        var old = issuer.Token(Shop, token => token.Expires = clock.GetUtcNow().UtcDateTime.AddHours(1));
        Assert.Equal(200, await StatusAsync(old));
        issuer.ChangeKey("second");

        await AdvanceUntilAsync(async () => await StatusAsync(old) != 200, IssuerKeys.RefreshInterval);
    }

    [Fact]
    public async Task Issuer_FallsSilent_KnownKeysWorkAndUnknownOnesAre503AtOnce()
    {
        issuer.FallSilent();
        var junk = Enumerable.Range(0, 12).Select(i => AtOnceAsync(TokenOfUnknownKey($"junk-{i}"))).ToList();

        Assert.All(await Task.WhenAll(junk), status => Assert.Equal(503, status));
        Assert.Equal(200, await AtOnceAsync(issuer.Token(Shop)));
        Assert.Equal(401, await AtOnceAsync("not.a.token"));
        Assert.Equal(401, await AtOnceAsync(issuer.Token(Shop, token => token.Audience = "another-service")));

        // The fetch that hangs ends, and the next one succeeds.
        issuer.ChangeKey("second");
        issuer.Speak();
        var valid = issuer.Token(Shop);
        await AdvanceUntilAsync(async () => await StatusAsync(valid) == 200, IssuerKeys.Timeout);
    }

    [Fact]
    public async Task Issuer_SilentFromTheStart_HoldsUpNobodyAndIsUsedWhenItSpeaks()
    {
        issuer.FallSilent();
        issuer.Clock = TimeProvider.System;
        await using var early = await StartAsync([.. issuer.Settings, ("RateLimiting:UnauthenticatedPerMinute", "1000000")]);
        var answers = Enumerable.Range(0, 12).Select(i => early.StatusOfAsync("/probe/caller", Bearer(TokenOfUnknownKey($"junk-{i}"))))
            .Append(early.StatusOfAsync("/probe/caller", Bearer(issuer.Token(Shop))));

        Assert.All(await Task.WhenAll(answers).WaitAsync(Soon), status => Assert.Equal(503, status));
        Assert.Equal(200, await early.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));

        issuer.Speak();
        await Eventually.TrueAsync(
            async () => await early.StatusOfAsync("/probe/caller", Bearer(issuer.Token(Shop))) == 200, "the issuer speaks and is not heard");
    }

    [Fact]
    public async Task Token_ByTheClockOfTheGateway_EndsThirtySecondsAfterItsTime()
    {
        var token = issuer.Token(Shop, token => token.Expires = clock.GetUtcNow().UtcDateTime.AddMinutes(5));

        clock.Advance(TimeSpan.FromSeconds(329));
        Assert.Equal(200, await StatusAsync(token));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(401, await StatusAsync(token));
    }

    private static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);

    private string TokenOfUnknownKey(string id) =>
        issuer.Token(Shop, token => token.SigningCredentials = TestIssuer.CredentialsOf(strange, id));

    private Task<int> StatusAsync(string token) => gateway.StatusOfAsync("/probe/caller", Bearer(token));

    private Task<int> AtOnceAsync(string token) => StatusAsync(token).WaitAsync(Soon);

    private Task FetchesAsync(int count) => Eventually.TrueAsync(() => issuer.Fetches == count, $"{issuer.Fetches} fetches, not {count}");

    /// <summary>Puts the clock forward in steps of a second, at most for that time, until a condition holds.</summary>
    private async Task AdvanceUntilAsync(Func<Task<bool>> condition, TimeSpan limit)
    {
        var end = clock.GetUtcNow() + limit;
        var step = TimeSpan.FromSeconds(Math.Max(1, limit.TotalSeconds / 20));
        await Eventually.TrueAsync(
            async () =>
            {
                if (await condition())
                {
                    return true;
                }

                if (clock.GetUtcNow() + step <= end)
                {
                    clock.Advance(step);
                }

                return false;
            },
            $"it did not happen within {limit}");
    }
}
