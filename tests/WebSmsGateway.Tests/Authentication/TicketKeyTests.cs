using System.Security.Cryptography;
using System.Text;
using WebSmsGateway.Authentication;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Authentication;

public sealed class TicketKeyTests
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly byte[] Root = RandomNumberGenerator.GetBytes(32);

    private readonly TicketKey key = new(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<int, bool> Shapes => new() { { 0, false }, { 1, false }, { 1, true }, { TicketBytes.MaxNumbers, true }, { -1, false } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Open_WhatWasProtected_GivesItBack(int count, bool ofAToken)
    {
        var ticket = TicketOf(count, ofAToken);
        var text = key.Protect(TicketBytes.Write(ticket));

        var read = TicketBytes.Read(key.Open(TicketKey.BytesOf(text)!)!)!;

        Assert.Equal((ticket.Id, ticket.Fields, ticket.Expires), (read.Id, read.Fields, read.Expires));
        Assert.Equal(ticket.Numbers.Fingerprint, read.Numbers.Fingerprint);
        Assert.Equal(ticket.Maker.Root, read.Maker.Root);
        Assert.Equal(ticket.Maker.TokenCaller, read.Maker.TokenCaller);

        // The longest fits into the line of a request, and none shows what it says.
        Assert.InRange(text.Length, 1, 9_000);
        Assert.DoesNotContain("7902", Encoding.Latin1.GetString(TicketKey.BytesOf(text)!), StringComparison.Ordinal);
    }

    [Fact]
    public void Protect_TheSameTwice_GivesDifferentTexts()
    {
        var content = TicketBytes.Write(TicketOf(1, ofAToken: false));

        Assert.NotEqual(key.Protect(content), key.Protect(content));
    }

    [Fact]
    public void Open_TenThousandMutants_RefusesAllOfThem()
    {
        var random = new Random(20);
        var text = key.Protect(TicketBytes.Write(TicketOf(2, ofAToken: true)));
        for (var mutant = 0; mutant < 10_000; mutant++)
        {
            var changed = new StringBuilder(text);
            var place = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    changed[place] = Characters[random.Next(Characters.Length)];
                    break;
                case 1:
                    changed.Remove(place, random.Next(1, text.Length - place + 1));
                    break;
                case 2:
                    changed.Insert(place, Characters[random.Next(Characters.Length)]);
                    break;
                default:
                    changed.Insert(place, " \n=+/.%"[random.Next(7)]);
                    break;
            }

            if (changed.ToString() is var candidate && candidate != text && TicketKey.BytesOf(candidate) is { } bytes)
            {
                Assert.True(key.Open(bytes) is null, candidate);
            }
        }

        Assert.NotNull(key.Open(TicketKey.BytesOf(text)!));
    }

    [Fact]
    public void BytesOf_EveryLastCharacter_TakesTheOneThatWasWritten()
    {
        var text = key.Protect([1, 2, 3]);

        Assert.Equal([text[^1]], Characters.Where(last => TicketKey.BytesOf(text[..^1] + last) is { } bytes && key.Open(bytes) is not null));
    }

    private static Ticket TicketOf(int count, bool ofAToken) => new(
        "0123456789ab",
        new TicketMaker(Root, ofAToken ? ($"jwt:https://login.example.com/ {new string('я', 256)}", "jwt:alice") : null),
        count < 0 ? NumberSet.All : NumberSet.Parse([.. Enumerable.Range(0, count).Select(index => $"{79_021_234_567 + index * 7_001L}")]),
        ofAToken ? MessageFields.All : MessageFields.Code,
        new DateTimeOffset(2026, 3, 11, 12, 9, 1, 123, TimeSpan.Zero));
}
