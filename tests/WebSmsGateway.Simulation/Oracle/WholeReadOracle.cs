using WebSmsGateway.Archive.Records;
using WebSmsGateway.Simulation.Worlds;

namespace WebSmsGateway.Simulation.Oracle;

/// <summary>
/// Looks for messages of an open day that were reported so late that no tail has them. A process that goes on asking about the day reads it
/// whole after a while, and shows them then.
/// </summary>
internal static class WholeReadOracle
{
    public static void Check(World world, PageCall call)
    {
        var answered = TimeSpan.FromSeconds(3) + (2 * world.Setting.Latency);
        foreach (var sms in world.Websms.All)
        {
            if (sms.Dated < call.Walk.Start || !call.Walk.Matches(sms) || call.Walk.CopiesGiven.GetValueOrDefault(sms) == sms.Copies.Count
                || sms.Copies.Exists(copy => copy.IsPrompt || copy.LackedSince is not null))
            {
                continue;
            }

            var due = sms.Copies.Max(copy => copy.ReportedAt) + CacheOptions.WholeReadInterval + TimeSpan.FromSeconds(1);
            if (world.Times.IsQuiet(due) && due + answered < call.AskedAt && world.Coverage.Exists(told => told.Run == call.Run
                && told.Question.RentedNumber is null == (call.Walk.Ask.Number < 0 || !world.Setting.IsPerNumber)
                && told.At >= due && told.At + answered < call.AskedAt && told.Question.From.Date == sms.Record.Date.Date
                && world.Zone.DayOf(world.Time.Start + told.At + TimeSpan.FromMinutes(7)) <= world.Zone.DayOf(sms.Dated)))
            {
                world.Report(Promise.ReadWhole, $"{call.Walk} lacks {sms} at {call.Run}, which has asked about its day for more than five minutes since.");
                call.Walk.Excused.Add(sms);
            }
        }
    }
}
