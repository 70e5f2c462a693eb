using WebSmsGateway.Messages;
using WebSmsGateway.Model;
using WebSmsGateway.Tests.Archive.Following;
using WebSmsGateway.Webhooks;
using WebSmsGateway.Webhooks.Delivery;
using static WebSmsGateway.Tests.Archive.SampleMessages;

namespace WebSmsGateway.Tests.Webhooks;

/// <summary>The cursor of a message in a body is the same whenever it is made, and a reader goes on with it behind the message.</summary>
public sealed class EndpointPlacesTests
{
    private static readonly PageRequest Oldest = new() { Order = "asc", From = "2026-03-08" };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Cursor_OfEachMessage_IsTheSameInAReplayAndGoesOnBehindIt(int seed)
    {
        var random = new Random(seed);
        using var account = new FollowedAccount(Moment(10, 23, 50).AddSeconds(random.Next(900)));
        for (var i = random.Next(30); i > 0; i--)
        {
            account.Receive(Moment(8, 12).AddSeconds(random.Next(200_000)));
        }

        var request = Oldest with { Limit = $"{random.Next(1, 20)}" };
        if (random.Next(2) == 0)
        {
            request = request with { From = null, Cursor = "now" };
            request = request with { Cursor = (await account.ReadAsync(request)).Page!.NextCursor };
        }

        var places = new EndpointPlaces(account.Cursors);
        var (state, delivered) = (new EndpointState(), new List<(Message Message, string Cursor)>());
        for (var step = 0; step < 60; step++)
        {
            account.Clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(4000) : random.Next(30)));
            for (var arrivals = random.Next(8); arrivals > 0; arrivals--)
            {
                var late = random.Next(5) == 0 ? TimeSpan.FromMinutes(random.Next(600)) : TimeSpan.Zero;
                account.Receive(account.Clock.GetUtcNow().AddSeconds(-random.Next(121)), late: late);
            }

            Interrupt(account, random);
            var reading = await account.ReadAsync(request, hasCursorEach: true);
            foreach (var (i, message) in (reading.Page?.Items ?? []).Index())
            {
                (var cursor, state) = places.Of(state, message, reading.Places[i], reading.Cursors[i]);
                state = state with { Cursor = reading.Cursors[i] };
                delivered.Add((message, cursor));
            }

            request = request with { Cursor = reading.NextText };
        }

        account.Unanswered.Clear();
        var rest = await account.DrainThroughRechecksAsync(request);
        foreach (var (message, cursor) in delivered)
        {
            Assert.Equal(cursor, places.Of(state, message));
        }

        for (var i = random.Next(10); i < delivered.Count; i += random.Next(1, 40))
        {
            var (behind, _) = await account.DrainAsync(request with { Cursor = delivered[i].Cursor, Limit = "1000" });
            Assert.Equal(delivered.Skip(i + 1).Select(other => other.Message.Text).Concat(rest).Order(), behind.Order());
        }
    }

    [Fact]
    public async Task Cursor_OfAMessageThatTheWalkHasNotReached_IsThePlaceOfTheEndpoint()
    {
        using var account = new FollowedAccount(Moment(10, 12));
        for (var i = 0; i < 6; i++)
        {
            account.Receive(Moment(10, 11).AddMinutes(i));
        }

        var places = new EndpointPlaces(account.Cursors);
        var reading = await account.ReadAsync(Oldest with { Limit = "6" }, hasCursorEach: true);
        var (cursor, state) = places.Of(new EndpointState(), reading.Page!.Items[0], reading.Places[0], reading.Cursors[0]);
        state = state with { Cursor = reading.Cursors[0] };

        Assert.Equal(cursor, places.Of(state, reading.Page.Items[0]));
        Assert.Equal(state.Cursor, places.Of(state, reading.Page.Items[5]));
    }

    [Fact]
    public async Task Cursor_OfAMessageFromBeforeTheWalk_IsThePlaceOfTheEndpoint()
    {
        using var account = new FollowedAccount(Moment(10, 12));
        account.Receive(Moment(10, 11));
        var earlier = (await account.ReadAsync(Oldest, hasCursorEach: true)).Page!.Items[0];
        var now = (await account.ReadAsync(Oldest with { From = null, Cursor = "now" })).Page!.NextCursor;
        account.Clock.Advance(TimeSpan.FromMinutes(1));
        account.Receive(account.Clock.GetUtcNow().AddSeconds(-5));
        var places = new EndpointPlaces(account.Cursors);
        var reading = await account.ReadAsync(Oldest with { From = null, Cursor = now }, hasCursorEach: true);
        var (_, state) = places.Of(new EndpointState(), reading.Page!.Items[0], reading.Places[0], reading.Cursors[0]);
        state = state with { Cursor = reading.Cursors[0] };

        Assert.Equal(state.Cursor, places.Of(state, earlier));
    }

    /// <summary>WEBSMS does not answer about some days for a while.</summary>
    private static void Interrupt(FollowedAccount account, Random random)
    {
        if (random.Next(8) == 0)
        {
            account.Unanswered.Add(new DateOnly(2026, 3, random.Next(8, 12)));
        }
        else if (random.Next(4) == 0)
        {
            account.Unanswered.Clear();
        }
    }
}
