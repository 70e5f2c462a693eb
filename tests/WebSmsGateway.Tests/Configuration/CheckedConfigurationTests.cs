using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Tests.Configuration;

public sealed class CheckedConfigurationTests
{
    [Fact]
    public void Faults_AllInOrder_IsEmptyAndTheOptionsAreBound()
    {
        using var app = Build(
            ("Shop:Patience", "00:00:30"), ("Shop:Colour", "GREEN"), ("Shop:Count", "3"), ("Shop:Open", "false"), ("Shop:Names:0", "a"),
            ("Shop:Prices:4", "404"), ("Shop:Optional", ""), ("Shop:Owner:Name", "Анна"), ("Shelves:0:Label", "top"),
            ("Shelves:1:Width", "7"));

        Assert.Empty(Faults(app));
        var shop = app.Services.GetRequiredService<IOptions<ShopOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(30), shop.Patience);
        Assert.Equal(Colour.Green, shop.Colour);
        Assert.Equal(404, shop.Prices[4]);
        Assert.Equal("Анна", shop.Owner.Name);
        var shelves = app.Services.GetRequiredService<IOptions<ShelvesOptions>>().Value;
        Assert.Equal(["top", "side"], shelves.Select(shelf => shelf.Label));
        Assert.Equal([5, 7], shelves.Select(shelf => shelf.Width));
    }

    [Fact]
    public void Faults_ManyFaults_NamesAllAtOnceByKeyAndHintsLast()
    {
        using var app = Build(
            ("Shop:Patience", "soon"), ("Shop:Count", "-1"), ("Shop:Cuont", "1"), ("Shelves:0:Width", "wide"), ("Shelves:1:Width", "-2"),
            ("Shelves:1:Lable", "x"), ("Sohp:Count", "1"));

        Assert.Equal(
            [
                "Shelves:0:Width: 'wide' is no whole number; write digits, for example 5",
                "Shelves:1:Lable: unknown key; did you mean Shelves:1:Label?",
                "Shelves:1:Width: give a width above 0, e.g. 5",
                "Shop:Count: give a number above 0, e.g. 1",
                "Shop:Cuont: unknown key; did you mean Shop:Count?",
                "Shop:Patience: 'soon' is no duration; write [d.]hh:mm:ss, for example 00:00:20",
                "Sohp: unknown section; did you mean Shop?",
                "Ask the owner.",
            ],
            Faults(app));
    }

    [Fact]
    public void Faults_FaultInAListWithGaps_NamesTheKeyThatWasWritten()
    {
        using var app = Build(("Shelves:3:Width", "1"), ("Shelves:7:Width", "-2"));

        Assert.Equal(["Shelves:7:Width: give a width above 0, e.g. 5"], Faults(app));
    }

    [Theory]
    [InlineData("Shop:Patience", "24:00:60", "Shop:Patience: '24:00:60' is no duration; write [d.]hh:mm:ss, for example 00:00:20")]
    [InlineData("Shop:Patience", "1:00:00:00", "Shop:Patience: '1:00:00:00' is no duration; write [d.]hh:mm:ss, for example 00:00:20")]
    [InlineData("Shop:Patience", "", "Shop:Patience: '' is no duration; write [d.]hh:mm:ss, for example 00:00:20")]
    [InlineData("Shop:Patience", "48:00:00", "Shop:Patience: '48:00:00' could be 48 hours or 48 days; write 2.00:00:00 or 48.00:00:00")]
    [InlineData("Shop:Patience", "25:10:05", "Shop:Patience: '25:10:05' could be 25 hours or 25 days; write 1.01:10:05 or 25.10:05:00")]
    [InlineData("Shop:Patience", " 24:30:05 ", "Shop:Patience: ' 24:30:05 ' has more than 23 hours; write 1.00:30:05")]
    [InlineData("Shop:Patience", "2", "Shop:Patience: '2' could be seconds or days; write 00:00:02 for 2 s or 2.00:00:00 for 2 days")]
    [InlineData(
        "Shop:Patience", "10:30", "Shop:Patience: '10:30' could be hours and minutes or minutes and seconds; write 10:30:00 or 00:10:30")]
    [InlineData(
        "Shop:Owner:Name", "Anna\r", "Shop:Owner:Name: 'Anna\uFFFD' has a line end or another control character inside; write it on one line")]
    [InlineData("Shop:Count", "", "Shop:Count: '' is no whole number; write digits, for example 1")]
    [InlineData("Shop:Count", "99999999999", "Shop:Count: '99999999999' is no whole number; write digits, for example 1")]
    [InlineData("Shop:Optional", "x", "Shop:Optional: 'x' is no whole number; write digits, for example 10")]
    [InlineData(
        "Shop:Address", "http://user:s3cret@host:99999/",
        "Shop:Address: the value is no address; write for example https://example.org/")]
    [InlineData(
        "Shop:Count", "1\nFatal: all is lost, the shop burnt down last night",
        "Shop:Count: '1\uFFFDFatal: all is lost, the shop burnt dow…' is no whole number; write digits, for example 1")]
    [InlineData("Shop:Open", "yes", "Shop:Open: 'yes' is neither true nor false; write one of them")]
    [InlineData("Shop:Colour", "blue", "Shop:Colour: 'blue' is not known; write red, green or grey")]
    [InlineData("Shop:Colour", "1", "Shop:Colour: '1' is not known; write red, green or grey")]
    [InlineData("Shop:Colour", "red, green", "Shop:Colour: 'red, green' is not known; write red, green or grey")]
    [InlineData("Shop:Prices:four", "1", "Shop:Prices:four: 'four' is no whole number; write digits, for example 10")]
    [InlineData("Shop:Prices:4", "dear", "Shop:Prices:4: 'dear' is no whole number; write digits, for example 10")]
    [InlineData("Shop:Names", "a", "Shop:Names: is a list; write Shop:Names:0 for its first value")]
    [InlineData("Shop:Owner", "Anna", "Shop:Owner: has keys of its own; write Shop:Owner:Name")]
    [InlineData("Shop:Owner:Nmae", "Anna", "Shop:Owner:Nmae: unknown key; did you mean Shop:Owner:Name?")]
    [InlineData(
        "Shop:Wherefore", "1",
        "Shop:Wherefore: unknown key; known here: Address, Colour, Count, EncryptionKeys, Names, Open, Optional, Owner, Patience, Prices")]
    [InlineData("Shop:Count:Of", "1", "Shop:Count:Of: unknown key, because the key above it has a value and nothing below")]
    [InlineData("Shop:EncryptionKeys:0", "s3cret!", "Shop:EncryptionKeys:0: the value is no base64; write for example AAECAw==")]
    public void Faults_OneFault_SaysInOneLineWhatIsAccepted(string key, string value, string line)
    {
        using var app = Build((key, value));

        Assert.Equal([line], Faults(app));
    }

    [Theory]
    [InlineData("SHOP:COUNT", "2")]
    [InlineData("Shop", "an environment variable of that name")]
    [InlineData("Shops", "no section of ours, because it has no keys")]
    [InlineData("Logging:LogLevel:Default", "Warning")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "9")]
    public void Faults_WhatIsNotOursOrOnlyInOtherCase_IsLeftAlone(string key, string value)
    {
        using var app = Build((key, value));

        Assert.Empty(Faults(app));
    }

    [Theory]
    [InlineData("Anna\n", "Anna")]
    [InlineData("Anna\r\n", "Anna")]
    [InlineData("Anna\r\n\r\n\n", "Anna")]
    [InlineData("\uFEFFАнна\r\n", "Анна")]
    [InlineData(" Anna \n", " Anna ")]
    public void SecretFile_EndsWithLineEnds_IsReadWithoutThem(string content, string value)
    {
        using var app = BuildWithSecret(content);

        Assert.Empty(Faults(app));
        Assert.Equal(value, app.Services.GetRequiredService<IOptions<ShopOptions>>().Value.Owner.Name);
    }

    [Fact]
    public void SecretFile_WithALineEndInside_IsRefused()
    {
        using var app = BuildWithSecret("Anna\r\nBoris\r\n");

        Assert.StartsWith("Shop:Owner:Name: 'Anna\uFFFD\uFFFDBoris' has a line end", Assert.Single(Faults(app)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default", "Loud", "'Loud' is not known; write trace, debug, information, warning, error, critical or none")]
    [InlineData("Logging:Console:LogLevel:Shop", "Loud", "'Loud' is not known; write trace, debug, information, warning, error, critical or none")]
    [InlineData("urls", "localhost:8080", "'localhost:8080' is no address; write scheme, host and port")]
    [InlineData("urls", "http://localhost:8080/sms", "'http://localhost:8080/sms' has a path; write")]
    [InlineData("urls", "ftp://localhost:21", "'ftp://localhost:21' is neither http nor https; write")]
    [InlineData("urls", "http://localhost:eighty", "'http://localhost:eighty' has no port up to 65535; write")]
    [InlineData("urls", "http://*:80800", "'http://*:80800' has no port up to 65535; write")]
    [InlineData("urls", "http://localhost:0", "localhost needs a port; for any free port write http://127.0.0.1:0")]
    [InlineData("http_ports", "8080;eighty", "'http://*:eighty' has no port up to 65535; write")]
    [InlineData("Kestrel:Endpoints:Web:Url", "*:8080", "'*:8080' is no address; write")]
    [InlineData("Kestrel:Endpoints:Web:Protocols", "Http1", "is missing; write", "Kestrel:Endpoints:Web:Url")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "the value is no address; write scheme, host and port")]
    public void Faults_OfTheFrameworksSettings_AreNamedToo(string key, string value, string fault, string? named = null)
    {
        using var app = Build((key, value));

        Assert.StartsWith($"{named ?? key}: {fault}", Assert.Single(Faults(app)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0;http://[::1]:8080/")]
    [InlineData("urls", "http://+:8080")]
    [InlineData("urls", "http://unix:/run/gateway.sock")]
    [InlineData("http_ports", "8080;8081")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://gateway.internal:8080")]
    [InlineData("Logging:LogLevel:Default", "WARNING")]
    [InlineData("Logging:LogLevel:Default", "")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317")]
    public void Faults_OfTheFrameworksSettingsInOrder_IsEmpty(string key, string value)
    {
        using var app = Build((key, value));

        Assert.Empty(Faults(app));
    }

    [Fact]
    public void Reload_WithAFaultInOneSection_KeepsThatSectionAndTakesTheOthersOver()
    {
        using var app = Build(("Shop:Count", "3"), ("Shelves:0:Label", "top"));
        Assert.Empty(Faults(app));
        var shop = app.Services.GetRequiredService<InForce<ShopOptions>>();
        var seen = new List<int>();
        shop.Follow(options => seen.Add(options.Count));

        Reload(app, ("Shop:Count", "4"), ("Shelves:0:Width", "wide"));
        Assert.Equal(4, shop.Value.Count);
        Assert.Equal(["Shelves:0:Width: 'wide' is no whole number; write digits, for example 5"], Faults(app));

        Reload(app, ("Shop:Count", "many"), ("Shelves:0:Width", "7"));
        Assert.Equal(4, shop.Value.Count);
        Assert.Equal(["Shop:Count: 'many' is no whole number; write digits, for example 1"], Faults(app));

        Reload(app, ("Shop:Count", "5"));
        Assert.Equal(5, shop.Value.Count);
        Assert.Empty(Faults(app));
        Assert.Equal([3, 4, 5], seen);
    }

    [Fact]
    public void Reload_OfOptionsThatNobodyHasReadYet_LeavesThoseOfTheStart()
    {
        using var app = Build(("Shop:Count", "3"), ("Shop:Patience", "00:00:30"));
        Assert.Empty(Faults(app));

        Reload(app, ("Shop:Count", "4"), ("Shop:Patience", "00:00:40"));
        Reload(app, ("Shop:Count", "many"));

        Assert.Equal(4, app.Services.GetRequiredService<InForce<ShopOptions>>().Value.Count);
        var atStart = app.Services.GetRequiredService<IOptions<ShopOptions>>().Value;
        Assert.Equal(3, atStart.Count);
        Assert.Equal(TimeSpan.FromSeconds(30), atStart.Patience);
    }

    [Fact]
    public void Reload_OfASettingThatAppliesAtStart_ChangesNothingUntilThen()
    {
        using var app = Build(("Shop:Count", "3"), ("Shop:Owner:Name", "Anna"));
        Assert.Empty(Faults(app));
        var section = app.Services.GetRequiredService<InForce<ShopOptions>>();

        app.Configuration["Shop:Owner:Name"] = "Boris";
        var change = section.Read();
        Assert.Equal(["Shop:Owner"], change.Waiting);
        Assert.Empty(change.Applied);
        Assert.Equal("Anna", section.Value.Owner.Name);

        app.Configuration["Shop:Count"] = "4";
        app.Configuration["Shop:Owner:Name"] = "Anna";
        change = section.Read();
        Assert.Empty(change.Waiting);
        Assert.Equal(["Shop:Count"], change.Applied);
    }

    [Fact]
    public void Options_OfAFaultyStart_AreRefused()
    {
        using var app = Build(("Shop:Count", "many"));

        Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<InForce<ShopOptions>>().Value);
        Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<ShopOptions>>());
        Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IStartupValidator>().Validate());
    }

    [Theory]
    [InlineData("Pasword", "Password")]
    [InlineData("timeuot", "Timeout")]
    [InlineData("TimeZon", "TimeZone")]
    [InlineData("Elephant", null)]
    [InlineData("", null)]
    public void Nearest_Word_IsWhatFingersMeant(string word, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(word, ["Password", "Timeout", "TimeZone", "Retries"]));

    private static IReadOnlyList<string> Faults(WebApplication app) => app.Services.GetRequiredService<CheckedConfiguration>().Faults;

    private static void Reload(WebApplication app, params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            app.Configuration[key] = value;
        }

        ((IConfigurationRoot)app.Configuration).Reload();
    }

    private static WebApplication BuildWithSecret(string content)
    {
        var directory = Directory.CreateTempSubdirectory("secrets-test-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "Shop__Owner__Name"), content);
            return Build((ConfigurationFeature.SecretsDirectory, directory.FullName));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddGatewayConfiguration();
        builder.Services.AddSingleton<IValidator<ShopOptions>, ShopValidator>().AddSingleton<IValidator<ShelvesOptions>, ShelvesValidator>();
        builder.AddCheckedOptions<ShopOptions>("Shop");
        builder.AddCheckedOptions<ShelvesOptions>("Shelves");
        return builder.Build();
    }

    private enum Colour
    {
        Red,
        Green,
        Grey,
    }

    private sealed class ShopOptions
    {
        public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

        public Colour Colour { get; set; }

        [AppliesOnReload]
        public int Count { get; set; } = 1;

        public int? Optional { get; set; }

        public bool Open { get; set; } = true;

        public List<string> Names { get; set; } = [];

        public Dictionary<int, int> Prices { get; set; } = [];

        public OwnerOptions Owner { get; set; } = new();

        [Secret]
        public List<byte[]> EncryptionKeys { get; set; } = [];

        public Uri Address { get; set; } = new("https://example.org/");

        public bool IsComputed => Count > 0;
    }

    private sealed class OwnerOptions
    {
        public string Name { get; set; } = "";
    }

    private sealed class ShelfOptions
    {
        public string Label { get; set; } = "side";

        public int Width { get; set; } = 5;
    }

    private sealed class ShelvesOptions : List<ShelfOptions>;

    private sealed class ShopValidator : AbstractValidator<ShopOptions>
    {
        public ShopValidator()
        {
            RuleFor(shop => shop.Count).GreaterThan(0).WithMessage("give a number above 0, e.g. 1");
            RuleFor(shop => shop).Must(shop => shop.Count > 0).WithSeverity(Severity.Info).WithMessage("Ask the owner.");
        }
    }

    private sealed class ShelvesValidator : AbstractValidator<ShelvesOptions>
    {
        public ShelvesValidator() => RuleForEach(shelves => shelves).ChildRules(shelf =>
            shelf.RuleFor(one => one.Width).GreaterThan(0).WithMessage("give a width above 0, e.g. 5"));
    }
}
