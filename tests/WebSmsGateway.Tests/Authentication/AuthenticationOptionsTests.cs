using Microsoft.Extensions.Configuration;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.Tests.Authentication;

public sealed class AuthenticationOptionsTests
{
    private const string Hash = "372f8eb7b44e6c47d3248e669278b4757a19759301e7aa91e07aeceed76588ed";

    [Fact]
    public void Numbers_AsListOrAsOneLine_AreTheSame()
    {
        var list = Bind(("ApiKeys:0:Numbers:0", "79021234567"), ("ApiKeys:0:Numbers:1", "+79031234567"));
        var line = Bind(("ApiKeys:0:Numbers", "79021234567, +79031234567"));

        Assert.Equal(["79021234567", "+79031234567"], list.ApiKeys[0].Numbers);
        Assert.Equal(list.ApiKeys[0].Numbers, line.ApiKeys[0].Numbers);
    }

    [Fact]
    public void Validate_CompleteKey_IsAccepted() =>
        Assert.Empty(Faults(("ApiKeys:0:Name", "shop"), ("ApiKeys:0:Sha256", Hash), ("ApiKeys:0:Numbers", "*")));

    [Fact]
    public void Validate_Nobody_IsRefusedUnlessEveryoneMayCall()
    {
        Assert.Contains("ApiKeys", Faults());
        Assert.Empty(Faults(("AllowAnonymous", "true")));
        Assert.Empty(Faults(("Jwt:Authority", "https://login.example.com"), ("Jwt:Audience", "gateway")));
    }

    [Fact]
    public void Validate_ManyFaults_NamesEachKeyAtOnce()
    {
        var faults = Faults(
            ("ApiKeys:0:Name", "shop"), ("ApiKeys:0:Sha256", "sandbox"), ("ApiKeys:0:Numbers", "79021234567 8902"),
            ("ApiKeys:0:RequestsPerMinute", "0"),
            ("ApiKeys:1:Name", "SHOP"), ("ApiKeys:1:Sha256", Hash),
            ("ApiKeys:2:Name", "line\nbreak"), ("ApiKeys:2:Sha256", Hash.ToUpperInvariant()), ("ApiKeys:2:Numbers", "*"),
            ("Jwt:Authority", "http://login.example.com"), ("Jwt:NumbersClaim", ""));

        Assert.Equal(
            [
                "ApiKeys[0].Numbers[1]", "ApiKeys[0].RequestsPerMinute", "ApiKeys[0].Sha256", "ApiKeys[1].Name", "ApiKeys[1].Numbers",
                "ApiKeys[2].Name", "ApiKeys[2].Sha256", "Jwt.Audience", "Jwt.Authority", "Jwt.NumbersClaim",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https://login.example.com/realms/shop", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost", true)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("login.example.com", false)]
    public void Validate_Authority_HasToBeHttpsButOnThisMachine(string authority, bool isAccepted) =>
        Assert.Equal(isAccepted, Faults(("Jwt:Authority", authority), ("Jwt:Audience", "gateway")).Count == 0);

    private static AuthenticationOptions Bind(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return configuration.Get<AuthenticationOptions>() ?? new AuthenticationOptions();
    }

    private static List<string> Faults(params (string Key, string Value)[] settings) =>
        [.. new AuthenticationOptionsValidator().Validate(Bind(settings)).Errors.Select(fault => fault.PropertyName)];
}
