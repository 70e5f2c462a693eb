using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Following;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Archive.Following;

public sealed class CursorCodecTests : IDisposable
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly string OldKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string NewKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly CursorCodec codec = Codec();

    public static TheoryData<int> States => [.. Enum.GetValues<WalkState>().Cast<int>()];

    public void Dispose() => codec.Dispose();

    [Theory]
    [MemberData(nameof(States))]
    public void Decode_WhatEncodeWrote_IsTheSamePlace(int state)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var cursor = Cursor((WalkState)state, seed);

            var text = codec.Encode(cursor);

            Assert.Equal(cursor, codec.Decode(text));
            Assert.InRange(text.Length, 1, 119);
            Assert.Equal(text, Uri.EscapeDataString(text));
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Encode_SamePlace_IsTheSameTextEverywhere(int state)
    {
        using var other = Codec();
        var cursor = Cursor((WalkState)state, 1);

        Assert.Equal(codec.Encode(cursor), codec.Encode(cursor with { }));
        Assert.Equal(codec.Encode(cursor), other.Encode(cursor));
        Assert.NotEqual(codec.Encode(cursor), codec.Encode(cursor with { Query = cursor.Query + 1 }));
        Assert.NotEqual(codec.Encode(cursor), codec.Encode(cursor with { Covered = cursor.Covered.AddDays(1) }));
    }

    [Fact]
    public void Decode_AnyCharacterChangedLostOrAdded_IsRefused()
    {
        var text = codec.Encode(Cursor(WalkState.Changes, 1));
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var other in Alphabet + " =+/\n\0é")
            {
                if (other != text[i])
                {
                    Assert.Null(codec.Decode(text[..i] + other + text[(i + 1)..]));
                }
            }

            Assert.Null(codec.Decode(text[..i] + 'A' + text[i..]));
            Assert.Null(codec.Decode(text[..i] + text[(i + 1)..]));
            Assert.Null(codec.Decode(text[..i]));
        }

        Assert.Null(codec.Decode(text + "="));
        Assert.Null(codec.Decode(text + text));
        Assert.Null(codec.Decode(new string('A', 1_000_000)));
    }

    [Fact]
    public void Decode_RandomText_IsRefused()
    {
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var length = i % 2 == 0 ? 111 : random.Next(200);
            Assert.Null(codec.Decode(string.Create(length, random, (text, source) => source.GetItems(Alphabet, text))));
        }
    }

    [Fact]
    public void Decode_OtherKeys_AreRefusedAndAFurtherOneIsAccepted()
    {
        var cursor = Cursor(WalkState.Snapshot, 2);
        using var old = Codec(OldKey);
        using var both = Codec(NewKey, OldKey);
        using var last = Codec(NewKey);

        Assert.Equal(cursor, both.Decode(old.Encode(cursor)));
        Assert.Equal(both.Encode(cursor), last.Encode(cursor));
        Assert.Null(last.Decode(old.Encode(cursor)));
        Assert.Null(old.Decode(both.Encode(cursor)));
        Assert.Null(codec.Decode(old.Encode(cursor)));

        // The login stands in for a key, so cursors from before the first key are read.
        Assert.Equal(cursor, last.Decode(codec.Encode(cursor)));
    }

    [Fact]
    public void Decode_AnotherAccount_IsRefused()
    {
        using var other = new CursorCodec(
            Options.Create(new CacheOptions()), Options.Create(new UpstreamOptions { Username = "other" }), SampleMessages.KeysOf("other"));

        Assert.Null(other.Decode(codec.Encode(Cursor(WalkState.Changes, 1))));
    }

    [Fact]
    public void Encode_AnyPlace_ShowsNothingOfIt()
    {
        var cursor = Cursor(WalkState.Changes, 3);
        var bytes = Base64Url.DecodeFromChars(codec.Encode(cursor));
        Span<byte> part = stackalloc byte[8];
        foreach (var value in (long[])[(long)cursor.Query, cursor.Learned.Moment, cursor.AsOf!.Value.Moment])
        {
            BinaryPrimitives.WriteInt64LittleEndian(part, value);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(part[..4]));
        }

        // Neighbouring places have nothing in common but the version and what chance gives.
        var neighbour = cursor.Learned with { Ordinal = cursor.Learned.Ordinal ^ 1 };
        var next = Base64Url.DecodeFromChars(codec.Encode(cursor with { Learned = neighbour }));
        Assert.InRange(bytes.Zip(next).Count(pair => pair.First == pair.Second), 1, 9);
    }

    private static CursorCodec Codec(params string[] keys) => new(
        Options.Create(new CacheOptions { EncryptionKeys = keys }), Options.Create(new UpstreamOptions { Username = "account" }),
        SampleMessages.KeysOf("account", encryptionKeys: keys));

    private static PageCursor Cursor(WalkState state, int seed)
    {
        var random = new Random(seed);
        DateTimeOffset Second() => DateTimeOffset.FromUnixTimeSeconds(random.Next(9) switch
        {
            0 => DateTimeOffset.MinValue.ToUnixTimeSeconds(),
            1 => DateTimeOffset.MaxValue.ToUnixTimeSeconds(),
            _ => random.NextInt64(-100_000_000, 5_000_000_000),
        });
        var isChanges = state == WalkState.Changes;
        return new PageCursor((ulong)random.NextInt64() << 1, state, (ulong)random.NextInt64(1L << 56))
        {
            Place = isChanges ? default
                : new MessagePosition(Second().ToUnixTimeSeconds(), random.Next(2) == 0 ? int.MaxValue : random.Next()),
            Learned = isChanges ? new Stamp(random.NextInt64(), random.Next(2) == 0 ? int.MaxValue : random.Next()) : default,
            AsOf = !isChanges && random.Next(4) == 0 ? null : Stamp.EndOf(random.Next(5) == 0 ? -1 : random.NextInt64()),
            Moment = Second(),
            Start = random.Next(3) == 0 ? null : Second(),
            Floor = Second(),
            Covered = DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)),
        };
    }
}
