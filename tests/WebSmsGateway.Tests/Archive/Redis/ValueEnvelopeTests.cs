using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Archive.Redis;
using WebSmsGateway.Archive.Sharing;
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
    public void Wrap_Encrypted_ShowsNothingAndNeverTheSameTwice()
    {
        var envelope = Envelope(NewKey);
        var payload = Encoding.UTF8.GetBytes("79021234567 Ваш код 4711");

        var (first, second) = (envelope.Wrap(Name, payload), envelope.Wrap(Name, payload));

        Assert.Equal(-1, first.AsSpan().IndexOf("79021234567"u8));
        Assert.NotEqual(first, second);
    }

    private static ValueEnvelope Envelope(params string[] keys) => new(Options.Create(new CacheOptions { EncryptionKeys = keys }));
}
