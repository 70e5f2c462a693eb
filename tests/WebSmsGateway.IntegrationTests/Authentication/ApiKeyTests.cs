using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using static WebSmsGateway.IntegrationTests.Authentication.ProbeGateway;

namespace WebSmsGateway.IntegrationTests.Authentication;

public sealed class ApiKeyTests : IAsyncLifetime
{
    private ProbeGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await StartAsync(("RateLimiting:UnauthenticatedPerMinute", "1000000"));

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Theory]
    [InlineData("/probe/numbers/79021234567", ShopKey, 200)]
    [InlineData("/probe/numbers/79021234567", AllKey, 200)]
    [InlineData("/probe/numbers/79021234567", BankKey, 403)]
    [InlineData("/probe/numbers/79021234567", "wrong", 401)]
    [InlineData("/probe/numbers/79021234567", "", 401)]
    [InlineData("/probe/numbers/79021234567", null, 401)]
    [InlineData("/probe/numbers/89021234567", null, 401)]
    [InlineData("/probe/numbers/89021234567", BankKey, 400)]
    [InlineData("/probe/numbers/79021234567/limited?limit=many", null, 401)]
    [InlineData("/probe/numbers/79021234567/limited?limit=many", BankKey, 403)]
    [InlineData("/probe/numbers/79021234567/limited?limit=many", ShopKey, 400)]
    [InlineData("/beside-the-guard", AllKey, 500)]
    public async Task Guard_EachCredential_AnswersInTheOrder401Then400Then403(string path, string? key, int status) =>
        Assert.Equal(status, key is null ? await gateway.StatusOfAsync(path) : await gateway.StatusOfAsync(path, ("X-Api-Key", key)));

    [Theory]
    [InlineData("+79021234567")]
    [InlineData("%2B79021234567")]
    [InlineData("79021234567")]
    public async Task Guard_NumberWithPlus_ReachesTheHandlerWithout(string number)
    {
        using var response = await gateway.GetAsync("/probe/numbers/" + number, ("X-Api-Key", ShopKey));

        Assert.Equal(Shop, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Guard_NumberThatIsNone_SaysWhatIsAccepted()
    {
        using var response = await gateway.GetAsync("/probe/numbers/8-902", ("X-Api-Key", ShopKey));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(
            "a rented number is 7XXXYYYYYYY, for example 79021234567; a leading + is accepted",
            problem.RootElement.GetProperty("errors").GetProperty("number")[0].GetString());
    }

    [Fact]
    public async Task View_OfAKey_HoldsItsOwnNumbersOnly()
    {
        Assert.Equal("true", await gateway.Client.GetStringWithKeyAsync($"/probe/sees/{Shop}", ShopKey));
        Assert.Equal("false", await gateway.Client.GetStringWithKeyAsync($"/probe/sees/{Bank}", ShopKey));
    }

    [Fact]
    public async Task Unauthenticated_AnyPath_NamesTheScheme()
    {
        using var response = await gateway.GetAsync("/probe/caller");

        Assert.Equal("ApiKey realm=\"WebSmsGateway\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("\"unauthenticated\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoKeys_InOneRequest_AreRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/probe/caller");
        request.Headers.Add("X-Api-Key", ShopKey);
        request.Headers.Add("X-Api-Key", BankKey);
        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task AllowAnonymous_NoCredentials_SeesEverythingAndTheStartWarns()
    {
        await using var open = await StartWithoutKeysAsync(("Authentication:AllowAnonymous", "true"));

        Assert.Equal("anonymous", await open.Client.GetStringAsync(new Uri("/probe/caller", UriKind.Relative)));
        Assert.Equal(200, await open.StatusOfAsync("/probe/numbers/79021234567"));
        Assert.Contains(open.Log.Lines, line => line.Contains("AllowAnonymous is on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_NewKeys_TakeOverAndFaultyOnesChangeNothing()
    {
        var configuration = (IConfigurationRoot)gateway.App.Configuration;
        Set(configuration, Key(0, "shop", "next-key", Shop));
        configuration.Reload();
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "next-key")));

        Set(configuration, [.. Key(0, "shop", "third-key", Shop), ("Authentication:ApiKeys:1:Sha256", "broken")]);
        configuration.Reload();
        Assert.Equal(401, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "third-key")));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "next-key")));
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", BankKey)));
        var line = Assert.Single(gateway.Log.Lines, line => line.Contains("what was in force stays", StringComparison.Ordinal));
        Assert.Contains("Authentication:ApiKeys:1:Sha256", line, StringComparison.Ordinal);

        Set(configuration, Key(1, "bank", BankKey, Bank));
        configuration.Reload();
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", "third-key")));
    }

    [Fact]
    public async Task Audit_Read_LogsCallerMaskedNumberRangeAndCount()
    {
        await gateway.StatusOfAsync("/probe/read", ("X-Api-Key", ShopKey));

        Assert.Single(gateway.Log.Lines, line => line.Contains(
            "shop read 3 messages of 7902*****67 from 1970-01-01T00:00:00.0000000+00:00 to 1970-01-02T", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_TenThousandMutants_AreAllRefusedAndTheOriginalIsNot()
    {
        var random = new Random(4711);
        var mutants = Enumerable.Range(0, 10_000).Select(_ => Mutate(ShopKey, random)).ToList();
        var accepted = 0;

        await Parallel.ForEachAsync(mutants, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, _) =>
        {
            if (await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", key)) != 401)
            {
                Interlocked.Increment(ref accepted);
            }
        });

        Assert.Equal(0, accepted);
        Assert.Equal(200, await gateway.StatusOfAsync("/probe/caller", ("X-Api-Key", ShopKey)));
    }

    private static void Set(IConfigurationRoot configuration, (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            configuration[key] = value;
        }
    }

    private static string Mutate(string key, Random random)
    {
        while (true)
        {
            var text = new StringBuilder(key);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(6))
                {
                    case 0:
                        text[at] = (char)random.Next('!', '~');
                        break;
                    case 1:
                        text.Insert(at, (char)random.Next('!', '~'));
                        break;
                    case 2 when text.Length > 1:
                        text.Remove(at, 1);
                        break;
                    case 3:
                        text[at] = char.IsUpper(text[at]) ? char.ToLowerInvariant(text[at]) : char.ToUpperInvariant(text[at]);
                        break;
                    case 4:
                        text[at] = (char)(text[at] ^ (1 << random.Next(3)));
                        break;
                    default:
                        text.Append(text.ToString(0, at));
                        break;
                }
            }

            var mutant = text.ToString();
            if (mutant is not (ShopKey or BankKey or AllKey) && mutant.All(character => character is > ' ' and < '\x7f'))
            {
                return mutant;
            }
        }
    }
}

internal static class KeyedRequests
{
    public static async Task<string> GetStringWithKeyAsync(this HttpClient client, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", key);
        using var response = await client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
