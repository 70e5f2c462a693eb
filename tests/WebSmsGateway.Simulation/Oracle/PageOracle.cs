using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>Holds what a page has against what WEBSMS had: nothing invented, nothing twice, in order.</summary>
internal sealed class PageOracle(World world)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly CompletenessOracle completeness = new(world);

    /// <summary>A reader begins its walk, or begins it again because it has no page yet.</summary>
    public void Begin(PageCall call)
    {
        var walk = call.Walk;
        walk.FirstAskedAt = call.AskedAt;
        walk.Moment = world.Clocks.MomentAt(call.Run);
        walk.OwnMoment = call.Run.Clock.GetUtcNow();
        var here = world.Zone.DayOf(call.Run.Clock.GetUtcNow());
        var there = world.Zone.DayOf(world.Websms.Now);
        walk.Start = walk.Ask.From ?? world.Zone.StartOf(here > there ? here : there);
    }

    public void Check(PageCall call, MessagePage page, ulong? named)
    {
        var walk = call.Walk;
        NoticeEpoch(call, named);
        foreach (var item in page.Items)
        {
            if (Find(walk, item) is not { } sms)
            {
                continue;
            }

            if (walk.Given.TryAdd(item.Id, sms))
            {
                walk.CopiesGiven[sms] = walk.CopiesGiven.GetValueOrDefault(sms) + 1;
                CheckCopies(walk, sms);
            }
            else if (!walk.MayComeAgain.Remove(item.Id) && !IsNewsToEpoch(walk, item, sms))
            {
                world.Report(Promise.NothingTwice, $"{walk} was given {sms} twice, by {call.Run}.");
            }

            CheckOrder(call, sms);
            walk.LastGiven = sms;
        }

        completeness.Check(call, page);
        walk.DescendedTo = walk.LastGiven?.Dated;
        walk.FirstAnsweredAt ??= world.Time.Elapsed;
        walk.IsLastPageFull = page.Items.Count >= call.Limit;
        walk.LastPage = (page.CompleteUntil, call.AskedAt, world.Time.Elapsed, call.Run);
    }

    private Sms? Find(Walk walk, Message item)
    {
        var index = Sms.IndexOf(item.Text);
        var sms = index >= 0 && index < world.Websms.All.Count ? world.Websms.All[index] : null;
        if (sms is null || sms.Record.Message != item.Text || sms.Dated != item.ReceivedAt || !walk.Matches(sms)
            || sms.Record.RentNum != item.RentedNumber.ToString() || (walk.Ask.From is { } from && sms.Dated < from))
        {
            world.Report(Promise.NothingInvented, $"{walk} was given '{item.Text}' of {item.ReceivedAt:s}.");
            return null;
        }

        return sms;
    }

    /// <summary>
    /// What an answer withheld from the first read of another epoch looks there as if it had been reported late. It is given again once rather
    /// than lost.
    /// </summary>
    private static bool IsNewsToEpoch(Walk walk, Message item, Sms sms) =>
        walk.HasLostEpoch && sms.Copies.Exists(copy => copy.LackedSince is not null) && walk.GivenAgain.Add(item.Id);

    private void CheckCopies(Walk walk, Sms sms)
    {
        if (walk.CopiesGiven[sms] > sms.CopiesReportedBy(world.Time.Elapsed))
        {
            world.Report(Promise.NothingInvented, $"{walk} was given more copies of {sms} than WEBSMS reported.");
        }
    }

    /// <summary>
    /// Where the epoch may be another than that of the last page, at most the last two minutes before what waited may be given again.
    /// What was reported late and had not been given cannot be told from what was.
    /// </summary>
    private void NoticeEpoch(PageCall call, ulong? named)
    {
        var walk = call.Walk;
        var epoch = world.EpochOf(call.Run);

        // A process goes on under an epoch of its own without the store, and joins the shared head again afterwards. Lost writes are noticed
        // by the first process that knows more. So one loss may end several epochs, some of them later, and each costs up to two minutes.
        var isSame = epoch == walk.Epoch && (named == walk.NamedEpoch || world.Store is not { Losses: > 0 });
        (walk.Epoch, walk.NamedEpoch) = (epoch, named);
        if (walk.LastPage is not { } last || isSame)
        {
            return;
        }

        walk.HasLostEpoch = true;
        walk.GivenAgain.Clear();
        var floor = last.CompleteUntil;
        if (walk.IsLastPageFull)
        {
            // The walk was still giving again what may come again.
            foreach (var id in walk.MayComeAgain)
            {
                floor = walk.Given[id].Dated < floor ? walk.Given[id].Dated : floor;
            }
        }

        var known = last.Run.KnowledgeOf(walk.Ask.Number).Known;
        foreach (var sms in world.Websms.All)
        {
            if (!walk.Matches(sms) || walk.CopiesGiven.GetValueOrDefault(sms) >= sms.Copies.Count)
            {
                continue;
            }

            // A walk from now on begins in the clock of WEBSMS, and waits for what is reported late however it is dated.
            var isOfWalk = sms.Dated >= walk.Start || (walk.Ask.IsFromNow && (sms.Dated > walk.Moment || sms.Copies.Exists(copy => !copy.IsPrompt)));
            if (isOfWalk && sms.Dated < floor && sms.CopiesReportedBy(world.Time.Elapsed) > 0)
            {
                floor = sms.Dated;
            }

            if (sms.Dated <= world.Websms.Now.AddSeconds(1) && sms.Copies.Exists(copy => (!copy.IsPrompt || copy.LackedSince is not null || world.Clocks.ComesTwice(sms))
                && !(known.TryGetValue(copy, out var learned) && learned.At < last.AskedAt)))
            {
                walk.Excused.Add(sms);
            }
        }

        // A message of the hour that a change of the zone repeats may be dated an hour off.
        var (off, offSoon) = (world.Zone.RepeatedTimeAround(floor, Overlap), world.Zone.RepeatedTimeAround(floor.AddMinutes(7), Overlap));
        floor -= Overlap + TimeSpan.FromSeconds(1) + (off > offSoon ? off : offSoon);
        foreach (var (id, sms) in walk.Given)
        {
            // What was reported late or withheld may be news to the other epoch. It is given again rather than lost.
            if (sms.Dated >= floor || (!walk.Ask.IsAscending && sms.Dated == walk.LastGiven?.Dated) || sms.Copies.Exists(copy => !copy.IsPrompt || copy.LackedSince is not null || LooksLate(sms, copy)))
            {
                walk.MayComeAgain.Add(id);
            }
        }
    }

    /// <summary>
    /// Dates have whole seconds. A question that was sent in the second of a message, and before it arrived, makes it look as if it had been
    /// reported late.
    /// </summary>
    private bool LooksLate(Sms sms, SmsCopy copy)
    {
        var dated = sms.Dated - world.Clocks.AheadOfWebsmsAt(copy.ReceivedAt) - world.Time.Start;
        var until = copy.ReceivedAt + world.Setting.Latency;
        return world.Coverage.Exists(told => told.At >= dated && told.At <= until
            && told.Question.From <= sms.Record.Date && sms.Record.Date <= told.Question.Through);
    }

    /// <summary>What the process knew before the walk began is in its snapshot, so it comes in the order of pages.</summary>
    private void CheckOrder(PageCall call, Sms sms)
    {
        var walk = call.Walk;
        var known = call.Run.KnowledgeOf(walk.Ask.Number).Known;
        if (walk.Ask.IsFromNow || walk.HasLostEpoch || world.HasShownEnough || sms.Copies.Count > 1 || sms.Copies[0].LackedSince is not null
            || (walk.Ask.IsAscending && !(known.TryGetValue(sms.Copies[0], out var learned) && learned.At < walk.FirstAskedAt)))
        {
            return;
        }

        if (walk.LastInSnapshot is { } last)
        {
            var (earlier, later) = walk.Ask.IsAscending ? (last, sms) : (sms, last);
            if (earlier.Dated > later.Dated || (earlier.Dated == later.Dated && !IsListedBefore(known, earlier, later)))
            {
                world.Report(Promise.InOrder, $"{walk} was given {sms} after {last}.");
            }
        }

        walk.LastInSnapshot = sms;
    }

    private bool IsListedBefore(Dictionary<SmsCopy, Learned> known, Sms earlier, Sms later)
    {
        // Where several processes share a store, another one may have learned the messages first, and in another order.
        if (world.Runs.Count > 1 || world.Setting.IsListedAsReported
            || !known.TryGetValue(earlier.Copies[0], out var first) || !known.TryGetValue(later.Copies[0], out var second))
        {
            return true;
        }

        return first.Answer != second.Answer ? first.Answer < second.Answer
            : !first.IsDirectionShown || first.Place < second.Place != world.Setting.IsNewestFirst;
    }
}
