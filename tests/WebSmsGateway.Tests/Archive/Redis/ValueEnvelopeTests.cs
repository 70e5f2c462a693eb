using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Archive.Redis;

/// <summary>A value in Redis is read as it was written. Any other value is a miss.</summary>
public sealed class ValueEnvelopeTests
{
    private const string Name = "websms:{00}:20260311";
    private static readonly string OldKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string NewKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<bool> ClearAndEncrypted => [false, true];

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_WhatWasWrapped_ComesBack(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);
        var payload = RandomNumberGenerator.GetBytes(1000);

        Assert.Equal(payload, envelope.Unwrap(Name, envelope.Wrap(Name, payload))!);
        Assert.Empty(envelope.Unwrap(Name, envelope.Wrap(Name, []))!);
    }

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_AnyByteDamaged_IsMiss(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);
        var value = envelope.Wrap(Name, MessageCodec.WriteBlock(Record(20).Blocks[0]));
        for (var i = 0; i < value.Length; i++)
        {
            foreach (var mask in new byte[] { 1, 0x80, 0xFF })
            {
                value[i] ^= mask;
                Assert.True(envelope.Unwrap(Name, value) is null, $"byte {i} changed by {mask} went unnoticed");
                value[i] ^= mask;
            }

            Assert.True(envelope.Unwrap(Name, value.AsSpan(0, i)) is null, $"cut to {i} bytes went unnoticed");
        }

        Assert.Null(envelope.Unwrap(Name, [.. value, 0]));
    }

    [Theory]
    [MemberData(nameof(ClearAndEncrypted))]
    public void Unwrap_ValueOfAnotherKey_IsMiss(bool encrypted)
    {
        var envelope = Envelope(encrypted ? [NewKey] : []);

        Assert.Null(envelope.Unwrap("websms:{00}:20260312", envelope.Wrap(Name, [1, 2, 3])));
    }

    [Fact]
    public void Unwrap_EncryptedWithAnOlderKeyThatIsStillListed_ComesBack() =>
        Assert.Equal([1, 2, 3], Envelope(NewKey, OldKey).Unwrap(Name, Envelope(OldKey).Wrap(Name, [1, 2, 3]))!);

    [Fact]
    public void Unwrap_EncryptedWithAKeyThatIsGone_IsMiss() =>
        Assert.Null(Envelope(NewKey).Unwrap(Name, Envelope(OldKey).Wrap(Name, [1, 2, 3])));

    [Fact]
    public void Unwrap_ClearWhereEncryptionIsDemanded_IsMiss()
    {
        // Otherwise anyone with write access to Redis could add messages without the key.
        Assert.Null(Envelope(NewKey).Unwrap(Name, Envelope().Wrap(Name, [1, 2, 3])));
        Assert.Null(Envelope().Unwrap(Name, Envelope(NewKey).Wrap(Name, [1, 2, 3])));
    }

    [Fact]
    public void Unwrap_WhatAnotherKeyAuthenticated_IsMiss()
    {
        var (forger, foreigner) = (new Account { Password = "guessed" }, new Account { Login = "other" });

        Assert.Null(new Account().Envelope.Unwrap(Name, forger.Envelope.Wrap(Name, [1, 2, 3])));
        Assert.Null(new Account().Envelope.Unwrap(Name, foreigner.Envelope.Wrap(Name, [1, 2, 3])));
        Assert.Null(new Account { IdKey = NewKey }.Envelope.Unwrap(Name, new Account { IdKey = OldKey }.Envelope.Wrap(Name, [1, 2, 3])));
        Assert.Null(new Account { IdKey = NewKey }.Envelope.Unwrap(Name, new Account().Envelope.Wrap(Name, [1, 2, 3])));
        Assert.Equal(
            [1, 2, 3],
            new Account { IdKey = NewKey, Password = "new" }.Envelope.Unwrap(Name, new Account { IdKey = NewKey }.Envelope.Wrap(Name, [1, 2, 3]))!);
    }

    [Fact]
    public void Unwrap_AfterTheVersionBefore_IsMiss()
    {
        // The version before had a checksum that anyone could compute.
        var checksum = new System.IO.Hashing.XxHash128();
        checksum.Append(Encoding.UTF8.GetBytes(Name));
        checksum.Append([1, 2, 3]);

        Assert.Null(Envelope().Unwrap(Name, [.. "WSG1"u8, 0, .. checksum.GetCurrentHash(), 1, 2, 3]));
    }

    [Fact]
    public void Unwrap_OfThePasswordBefore_ComesBackUntilTheOneAfterTheNext()
    {
        var replica = new Account { Password = "first" };
        var (first, early) = (replica.Envelope, replica.Envelope.Wrap(Name, [1]));

        replica.ChangePassword("second");
        Assert.Equal([1], first.Unwrap(Name, early)!);
        var later = first.Wrap(Name, [2]);
        Assert.Equal([2], new Account { Password = "second" }.Envelope.Unwrap(Name, later)!);
        Assert.Null(new Account { Password = "first" }.Envelope.Unwrap(Name, later));

        replica.ChangePassword("third");
        Assert.Null(first.Unwrap(Name, early));
        Assert.Equal([2], first.Unwrap(Name, later)!);
    }

    [Fact]
    public void Wrap_Encrypted_ShowsNothingAndNeverTheSameTwice()
    {
        var envelope = Envelope(NewKey);
        var payload = Encoding.UTF8.GetBytes("79021234567 Ваш код 4711");

        var (first, second) = (envelope.Wrap(Name, payload), envelope.Wrap(Name, payload));

        Assert.Equal(-1, first.AsSpan().IndexOf("79021234567"u8));
        Assert.NotEqual(first, second);
    }

    private static ValueEnvelope Envelope(params string[] keys) => new Account { EncryptionKeys = keys }.Envelope;

    private sealed class Account
    {
        private IConfigurationRoot? configuration;
        private InForce<UpstreamOptions>? upstream;
        private ValueEnvelope? envelope;

        public string Login { get; init; } = "demo";

        public string Password { get; init; } = "demo";

        public string? IdKey { get; init; }

        public string[] EncryptionKeys { get; init; } = [];

        public ValueEnvelope Envelope => envelope ??= Create();

        public void ChangePassword(string password)
        {
            configuration!["Upstream:Password"] = password;
            upstream!.Read();
        }

        private ValueEnvelope Create()
        {
            configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Upstream:Username"] = Login,
                ["Upstream:Password"] = Password,
            }).Build();
            upstream = new InForce<UpstreamOptions>("Upstream", new UpstreamOptionsValidator(new AnswerMemory(1L << 40, "", _ => { })), configuration);
            return new ValueEnvelope(
                Options.Create(new CacheOptions { EncryptionKeys = EncryptionKeys }), KeysOf(Login, IdKey, EncryptionKeys), upstream);
        }
    }
}
