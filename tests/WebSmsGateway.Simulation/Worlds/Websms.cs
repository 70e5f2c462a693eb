using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>The modelled WEBSMS: the messages that it received, when it reports them, and its answers.</summary>
internal sealed class Websms(WorldSetting setting, VirtualTime time, AccountZone zone)
{
    private static readonly string[] Senders = ["Sberbank", "79161234567", "Ozon"];

    private readonly List<Sms> byDate = [];

    public List<Sms> All { get; } = [];

    public WebsmsFaults Faults { get; } = new(setting);

    /// <summary>The clock of WEBSMS.</summary>
    public DateTimeOffset Now => time.Now + Ahead;

    /// <summary>How far it is ahead of the true time. Somebody may put it on or back.</summary>
    public TimeSpan Ahead { get; set; } = setting.Ahead;

    public static string NumberOf(int index) => $"7902000000{index}";

    public void Receive(Happening happening)
    {
        var now = time.Elapsed;
        var moment = happening.What == What.ReceiveDatedAhead ? Now + happening.Late : Now;
        var local = zone.ToLocal(moment);
        local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerSecond));
        var count = Math.Max(1, happening.Count);
        for (var i = 0; i < count; i++)
        {
            if (i == 0 || happening.What != What.ReceiveEqual)
            {
                Add(local, happening.Who % setting.Numbers);
            }

            var isLate = happening.What == What.ReceiveEqual ? i == count - 1
                : happening.What == What.Receive && i >= count - happening.Part;
            All[^1].Copies.Add(new SmsCopy(now, isLate ? now + happening.Late : now));
        }
    }

    /// <summary>What a question gets now.</summary>
    public WebsmsAnswer Answer(UpstreamQuestion question)
    {
        var answer = new WebsmsAnswer();
        var number = question.RentedNumber?.ToString();
        for (var i = FirstAt(question.From); i < byDate.Count && byDate[i].Record.Date <= question.Through; i++)
        {
            var sms = byDate[i];
            if (number is not null && sms.Record.RentNum != number)
            {
                continue;
            }

            foreach (var copy in sms.Copies)
            {
                if (copy.ReportedAt <= time.Elapsed)
                {
                    answer.Given.Add((sms, copy));
                }
            }
        }

        Order(answer.Given);
        if (Faults.TakeForgetfulness(time.Elapsed, answer.Given.Count > 0) is { } how)
        {
            Forget(answer, how, question);
        }

        if (Faults.TakeStray() is { } part)
        {
            Faults.Disturb(time.Elapsed);
            Stray(answer, question, isAlone: part == 0);
        }

        if (Faults.TakeCut(time.Elapsed) is { } quarters)
        {
            Cut(answer, quarters);
        }

        if (Faults.TakeGarble(time.Elapsed) is { } which && answer.Given.Count > 0)
        {
            Garble(answer, which);
        }

        NameCopies(answer);
        return answer;
    }

    /// <summary>
    /// Nobody can tell equal messages apart. Whoever is given some of them knows so many, whichever these are: the ones that were reported first.
    /// </summary>
    private static void NameCopies(WebsmsAnswer answer)
    {
        var given = new Dictionary<Sms, int>();
        for (var i = 0; i < answer.Given.Count; i++)
        {
            var sms = answer.Given[i].Sms;
            given[sms] = given.GetValueOrDefault(sms) + 1;
            answer.Given[i] = (sms, sms.Copies[given[sms] - 1]);
        }

        for (var i = 0; i < answer.Withheld.Count; i++)
        {
            var sms = answer.Withheld[i].Sms;
            given[sms] = given.GetValueOrDefault(sms) + 1;
            answer.Withheld[i] = (sms, sms.Copies[given[sms] - 1]);
        }
    }

    private void Add(DateTime local, int number)
    {
        var index = All.Count;
        var text = $"{index} {(index % 3 == 0 ? "alpha" : "beta")}";
        var record = new WireRecord(local, NumberOf(number), Senders[index % Senders.Length], text);
        var sms = new Sms(index, record, zone.ToInstant(local), number);
        All.Add(sms);
        var place = byDate.Count;
        while (place > 0 && byDate[place - 1].Record.Date > local)
        {
            place--;
        }

        byDate.Insert(place, sms);
    }

    private int FirstAt(DateTime local)
    {
        var (low, high) = (0, byDate.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = byDate[middle].Record.Date < local ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Order(List<(Sms Sms, SmsCopy Copy)> records)
    {
        if (setting.IsListedAsReported)
        {
            records.Sort(static (left, right) => left.Copy.ReportedAt != right.Copy.ReportedAt
                ? left.Copy.ReportedAt.CompareTo(right.Copy.ReportedAt) : left.Sms.Index.CompareTo(right.Sms.Index));
        }

        if (setting.IsNewestFirst)
        {
            records.Reverse();
        }
    }

    private void Forget(WebsmsAnswer answer, int how, UpstreamQuestion question)
    {
        var all = answer.Given;
        answer.Given = how switch
        {
            0 => [],
            1 => all[..(all.Count / 2)],
            2 => all.FindAll(record => record.Sms.Index % 3 != 0),
            _ => all.FindAll(record => record.Sms.Record.Date.Date != question.From.Date),
        };
        answer.Withheld = all.FindAll(record => !answer.Given.Contains(record));
        if (answer.Withheld.Count > 0)
        {
            Faults.Disturb(time.Elapsed);
        }
    }

    private void Garble(WebsmsAnswer answer, int which)
    {
        // Of some records even the date, or the number, cannot be read.
        var index = which % 2 == 0 ? answer.Given.Count - 1 : answer.Given.Count / 2;
        var (sms, copy) = answer.Given[index];
        answer.Problems.Add(new WireProblem(
            index + 1, which is 2 or 3 ? null : sms.Record.Date, which is 2 or 3 ? ProblemReason.UnreadableDate : ProblemReason.UnreadableRecord,
            which is 4 or 5 ? null : sms.Record.RentNum));
        answer.Given.RemoveAt(index);
        answer.Withheld.Add((sms, copy));
        Faults.Disturb(time.Elapsed);
    }

    private void Cut(WebsmsAnswer answer, int quarters)
    {
        // What is missing is not withheld: nobody may doubt it, and no page may say that it is complete.
        answer.Given = answer.Given[..(answer.Given.Count * quarters / 4)];
        answer.Withheld = [];
        answer.IsCut = true;
        Faults.DisturbByCut(time.Elapsed);
    }

    private void Stray(WebsmsAnswer answer, UpstreamQuestion question, bool isAlone)
    {
        answer.Strays = [.. byDate.Where(sms => sms.Record.Date.Date < question.From.Date).TakeLast(3).Select(sms => sms.Record)];
        if (answer.Strays.Count == 0)
        {
            answer.Strays = [new WireRecord(question.From.Date.AddDays(-2), NumberOf(0), Senders[0], "stray")];
        }

        if (isAlone)
        {
            // Such an answer is to be refused, so it is no excuse for what a page lacks.
            answer.Given = [];
        }
    }
}

/// <summary>What one question gets.</summary>
internal sealed class WebsmsAnswer
{
    public List<(Sms Sms, SmsCopy Copy)> Given { get; set; } = [];

    /// <summary>What is reported and is not in this answer.</summary>
    public List<(Sms Sms, SmsCopy Copy)> Withheld { get; set; } = [];

    public List<WireRecord> Strays { get; set; } = [];

    /// <summary>The records that cannot be read.</summary>
    public List<WireProblem> Problems { get; } = [];

    /// <summary>Whether it breaks off behind what is given.</summary>
    public bool IsCut { get; set; }
}
