using WebSmsGateway.Archive.Following;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>Looks for messages that a page should have: those that its process knew, and those that its completeUntil promises.</summary>
internal sealed class CompletenessOracle(World world)
{
    public void Check(PageCall call, MessagePage page)
    {
        var walk = call.Walk;
        var isFull = page.Items.Count >= call.Limit;

        // A page that ends before a day that cannot be read may be one of a snapshot, and what was learned later follows it.
        if (walk.Ask.IsAscending && (isFull || page.Stale) && !call.IsFirst)
        {
            return;
        }

        // Before its first answer a process does not know the clock of WEBSMS. That a walk from now on is complete until its start says nothing.
        if (walk.Ask.IsFromNow && page.CompleteUntil <= walk.OwnMoment)
        {
            return;
        }

        // A full page ends at its last message, and the order within a second is another promise.
        var (from, until) = (walk.Start, page.CompleteUntil);
        if (walk.Ask.IsAscending && isFull)
        {
            until = Earlier(until, page.Items[^1].ReceivedAt);
        }
        else if (!walk.Ask.IsAscending && page.NextCursor is not null)
        {
            from = page.Items.Count > 0 ? page.Items[^1].ReceivedAt.AddTicks(1) : DateTimeOffset.MaxValue;
        }

        if (!walk.Ask.IsAscending && !call.IsFirst && walk.DescendedTo is { } last)
        {
            // What lies above was the promise of the pages before, maybe at a process that knew less.
            until = Earlier(until, last.AddSeconds(1));
        }

        var known = call.Run.KnowledgeOf(walk.Ask.Number).Known;
        var knownBefore = (walk.Ask.IsAscending ? call.AskedAt : walk.FirstAskedAt) - TimeSpan.FromSeconds(world.Store is null ? 1 : 5);
        foreach (var sms in world.Websms.All)
        {
            if (sms.Dated < from || sms.Dated >= until || !walk.Matches(sms) || walk.Excused.Contains(sms)
                || walk.CopiesGiven.GetValueOrDefault(sms) == sms.Copies.Count
                || (walk.Ask.IsFromNow && sms.Dated <= walk.Moment))
            {
                continue;
            }

            var (needed, isKnown) = Needed(call, sms, known, knownBefore);
            if (walk.CopiesGiven.GetValueOrDefault(sms) < needed && (isKnown || !world.Clocks.ComesTwice(sms)))
            {
                var promise = !isKnown ? Promise.CompleteUntil
                    : sms.Copies.Exists(copy => copy.LackedSince is not null) ? Promise.NothingDisappears
                    : Promise.NothingLost;
                world.Report(promise, $"{walk} lacks {sms}; its page at {call.Run} is complete until {page.CompleteUntil:dd HH:mm:ss}.");
                walk.Excused.Add(sms);
            }
        }
    }

    private static (int Count, bool AreKnown) Needed(
        PageCall call, Sms sms, Dictionary<SmsCopy, Learned> known, TimeSpan knownBefore)
    {
        var (count, areKnown) = (0, true);
        foreach (var copy in sms.Copies)
        {
            if (copy.MayDisappear || copy.ReportedAt > call.AskedAt
                || (call.Walk.Ask.IsFromNow && copy.ReceivedAt < call.Walk.FirstAskedAt))
            {
                continue;
            }

            // A day whose blocks the store lost is read again, and what that answer lacks was not known to it.
            var isKnown = known.TryGetValue(copy, out var learned) && learned.At <= knownBefore
                && !(copy.LackedSince is not null && call.Run.LostValuesAt > learned.At);
            if (isKnown || (copy.IsPrompt && copy.LackedSince is null && (call.Walk.Ask.IsAscending || call.IsFirst)))
            {
                count++;
                areKnown &= isKnown;
            }
        }

        return (count, areKnown);
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
