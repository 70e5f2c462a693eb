using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>
/// At the end of a world, when all faults are over and all rechecks are done, everything is shown, and every walk has had it.
/// </summary>
internal static class EndOracle
{
    public static void Check(World world, IReadOnlyCollection<Walk> walks)
    {
        foreach (var (replica, look) in world.LastLooks)
        {
            foreach (var sms in world.Websms.All)
            {
                if (look.CopiesGiven.GetValueOrDefault(sms) < sms.Copies.Count(copy => !copy.MayDisappear))
                {
                    world.Report(Promise.ShownAfterRecheck, $"In the end replica {replica} does not show {sms}.");
                }
            }
        }

        foreach (var walk in walks.Where(walk => walk is { Ask.IsAscending: true, Cursor: not null }))
        {
            foreach (var sms in world.Websms.All.Where(sms => walk.Matches(sms) && !walk.Excused.Contains(sms)))
            {
                var needed = sms.Copies.Count(copy => !copy.MayDisappear && IsOwed(world, walk, sms, copy));
                if (walk.CopiesGiven.GetValueOrDefault(sms) < needed)
                {
                    world.Report(Promise.NothingLost, $"{walk} never had {sms}.");
                }
            }
        }
    }

    private static bool IsOwed(World world, Walk walk, Sms sms, SmsCopy copy)
    {
        if (!walk.Ask.IsFromNow)
        {
            return sms.Dated >= walk.Start;
        }

        if (copy.ReceivedAt >= walk.FirstAskedAt && sms.Dated > walk.Moment)
        {
            return true;
        }

        // What was reported after the answer to the first question since the start is new however it is dated, unless it came with the first
        // reading of its day. A page that did not wait for that answer tells it by its time at the latest.
        var answerBy = walk.FirstAskedAt + world.Setting.Freshness + WorldSetting.AnswerWithin;
        return copy.ReportedAt > walk.FirstAnsweredAt && !walk.HasLostEpoch
            && world.Coverage.Exists(told => told.At < copy.ReportedAt && (told.At <= walk.FirstAnsweredAt || copy.ReportedAt > answerBy) && told.AskedAt >= walk.FirstAskedAt && told.Run == walk.LastPage!.Value.Run
                && (told.Question.RentedNumber is null || told.Question.RentedNumber.ToString() == sms.Record.RentNum)
                && told.Question.RentedNumber is null == (walk.Ask.Number < 0 || !world.Setting.IsPerNumber)
                && told.Question.From <= sms.Record.Date && sms.Record.Date <= told.Question.Through);
    }
}
