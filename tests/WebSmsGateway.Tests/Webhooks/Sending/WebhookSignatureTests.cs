using System.Text;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Tests.Webhooks.Sending;

/// <summary>Signatures, verified by the public library of receivers.</summary>
public sealed class WebhookSignatureTests
{
    private const string Id = "20130311-7K3M9Q2X4C8N";
    private const string Body = """{"type":"message.received","data":{"text":"Тест 🙂"}}""";

    private static readonly string First = "whsec_" + Convert.ToBase64String(Enumerable.Range(0, 32).Select(part => (byte)part).ToArray());
    private static readonly string Second = "whsec_" + Convert.ToBase64String(Enumerable.Range(7, 24).Select(part => (byte)part).ToArray());
    private static readonly string Other = "whsec_" + Convert.ToBase64String(Enumerable.Range(9, 64).Select(part => (byte)part).ToArray());

    // The library compares with the clock of the machine.
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    [Fact]
    public void Sign_WithTwoSecrets_HoldsTheSignatureOfEachInTheirOrder()
    {
        var (first, second) = (Sign(Body, First), Sign(Body, Second));
        var value = Sign(Body, First, Second);

        Assert.Matches("^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$", value);
        Assert.Equal($"{first} {second}", value);
        Verify(First, Body, Id, first);
        Verify(Second, Body, Id, second);

        // This library compares the first signature alone, whatever the standard says.
        Verify(First, Body, Id, value);
        Verify(Second, Body, Id, Sign(Body, Second, First));
        Assert.Throws<WebhookVerificationException>(() => Verify(Other, Body, Id, value));
    }

    [Fact]
    public void Sign_ChangedBodyOrId_IsNotVerified()
    {
        var value = Sign(Body, First);

        Assert.Throws<WebhookVerificationException>(() => Verify(First, Body + " ", Id, value));
        Assert.Throws<WebhookVerificationException>(() => Verify(First, Body, Id + "0", value));
        Assert.Throws<WebhookVerificationException>(() => Verify(First, Body, Id, value, now.AddSeconds(1)));
    }

    [Fact]
    public void Sign_TheExampleOfTheStandard_GivesItsSignature()
    {
        Assert.True(WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret, out _));

        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8, [secret!]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La-_Sw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8I LPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==")]
    public void TryParse_NoSecret_SaysWhatIsAcceptedAndRepeatsNothing(string text)
    {
        Assert.False(WebhookSecret.TryParse(text, out var secret, out var fault));
        Assert.Null(secret);
        Assert.Contains("whsec_", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(66, false)]
    [InlineData(67, false)]
    [InlineData(3000, false)]
    public void TryParse_ByLength_Takes24To64Bytes(int bytes, bool isTaken) =>
        Assert.Equal(isTaken, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _, out _));

    [Fact]
    public void ToString_OfASecret_ShowsNothingOfIt() => Assert.Equal("whsec_***", Secret(First).ToString());

    private static WebhookSecret Secret(string text)
    {
        Assert.True(WebhookSecret.TryParse(text, out var secret, out var fault), fault);
        return secret!;
    }

    private string Sign(string body, params string[] secrets) =>
        WebhookSignature.Sign(Id, now, Encoding.UTF8.GetBytes(body), [.. secrets.Select(Secret)]);

    private void Verify(string secret, string body, string id, string signature, DateTimeOffset? at = null) =>
        new StandardWebhook(secret).Verify(body, new HeaderDictionary
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = (at ?? now).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["webhook-signature"] = signature,
        });
}
