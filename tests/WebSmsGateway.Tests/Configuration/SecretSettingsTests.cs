using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Commands;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Tests.Configuration;

/// <summary>Every secret setting is marked, and no output shows its value.</summary>
public sealed partial class SecretSettingsTests
{
    // These names resemble secrets, but the settings are public.
    private static readonly string[] Public =
        ["Cache:KeyPrefix", "Cache:RedisCertificateAuthorityFile", "Upstream:CertificateFingerprint"];

    [Fact]
    public async Task Settings_ThatSmellOfASecret_AreMarked()
    {
        var settings = await SettingsAsync();

        var unmarked = settings.Where(setting => setting.Secret is null && Smell().IsMatch(setting.Key.Split(':')[^1]))
            .Select(setting => setting.Key);
        Assert.Equal([], unmarked.Except(Public));
        Assert.Equal(8, settings.Count(setting => setting.Secret is not null));
    }

    [Fact]
    public async Task Settings_MarkedSecret_AreShownByNothing()
    {
        var secrets = (await SettingsAsync()).Where(setting => setting.Secret is not null).ToList();
        await using var app = GatewayApplication.Create(
            [.. secrets.Select(setting => $"--{setting.Key}={(setting.Secret!.InParts ? "cache:6379,password=s3cret,x" : "s3cret")}")]);

        var shown = ActivatorUtilities.CreateInstance<SettingsInForce>(app.Services).List();

        Assert.All(secrets, secret => Assert.Contains(shown, setting => setting.Key.StartsWith(secret.Key, StringComparison.Ordinal) && setting.Source == "command line"));
        Assert.DoesNotContain(shown, setting => setting.Value.Contains("s3cret", StringComparison.Ordinal));
        Assert.DoesNotContain(
            app.Services.GetRequiredService<CheckedConfiguration>().Faults, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://cab.websms.ru/", "https://cab.websms.ru/")]
    [InlineData("https://user:pass@cab.websms.ru/", "https://***@cab.websms.ru/")]
    [InlineData("https://user:p@ss/w?rd@cab.websms.ru/", "https://***@cab.websms.ru/")]
    [InlineData("user:pass@cab.websms.ru", "***@cab.websms.ru")]
    [InlineData("cache:6379,password=p@ss;word,ssl=true", "cache:6379,password=***,ssl=true")]
    [InlineData("cache:6379, Password = pass, user=me", "cache:6379, Password =***, user=***")]
    [InlineData("https://login.example.com/?token=abc", "https://login.example.com/?token=***")]
    public void WithoutPasswords_Text_KeepsTheRest(string text, string shown) =>
        Assert.Equal(shown, SettingText.WithoutPasswords(text));

    private static async Task<List<(string Key, SecretAttribute? Secret)>> SettingsAsync()
    {
        await using var app = GatewayApplication.Create([]);
        return [.. app.Services.GetServices<CheckedSection>().SelectMany(section => Leaves(section.Name, section.Options, null))];
    }

    private static IEnumerable<(string Key, SecretAttribute? Secret)> Leaves(string key, Type type, SecretAttribute? secret)
    {
        var kind = SettingKind.Of(type);
        return kind switch
        {
            { IsValue: true } => [(key, secret)],
            { Element: { } element } => Leaves(SettingKind.Of(element).IsValue && kind.Key is null ? key : $"{key}:0", element, secret),
            _ => kind.Settings.Values.SelectMany(property =>
                Leaves($"{key}:{property.Name}", property.PropertyType, property.GetCustomAttribute<SecretAttribute>())),
        };
    }

    [GeneratedRegex("password|key|secret|sha|token|user|login|redis|credential|fingerprint", RegexOptions.IgnoreCase)]
    private static partial Regex Smell();
}
