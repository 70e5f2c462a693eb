using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Virtual;
using WebSmsGateway.Simulation.Worlds;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Simulation.Lockstep;

/// <summary>What happens at WEBSMS: messages that it reports at once or late, takes back for a while, and days about which it does not answer.</summary>
internal sealed class LockstepHistory(int seed) : IUpstream
{
    /// <summary>The seconds of a day.</summary>
    public const long Day = 86_400;

    private static readonly TimeSpan Offset = TimeSpan.FromHours(3);
    private static readonly DateTimeOffset Zero = new(1970, 1, 1, 0, 0, 0, Offset);

    private readonly HashSet<int> hidden = [];
    private readonly HashSet<long> down = [];
    private readonly Dictionary<long, long> asked = [];
    private readonly List<TaskCompletionSource> later = [];

    public Random Random { get; } = new(seed);

    public VirtualTime Time { get; } = new(new DateTimeOffset(2026, 3, 10, 21, 0, 0, Offset).AddSeconds(new Random(seed).Next(20_000)), mayRunInline: true);

    /// <summary>How far the clock of WEBSMS is ahead.</summary>
    public long Ahead { get; } = new Random(seed).Next(6) switch { 0 => -300, 1 => -40, 2 => 40, 3 => 300, _ => 0 };

    public long Now => (long)(Time.Now - Zero).TotalSeconds;

    public long WebsmsNow => Now + Ahead;

    public List<(long Date, long Reported)> Messages { get; } = [];

    /// <summary>Sees the answers: the first and the last second, and the messages.</summary>
    public Action<long, long, IReadOnlyList<int>>? Answered { get; set; }

    public static DateOnly DateOf(long day) => DateOnly.FromDateTime(Zero.DateTime).AddDays((int)day);

    public static DateTimeOffset InstantOf(long second) => Zero.AddSeconds(second);

    public static long SecondOf(DateTimeOffset instant) => (long)Math.Floor((instant - Zero).TotalSeconds);

    public static long DayOf(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(Zero.DateTime).DayNumber;

    /// <summary>Whether somebody reads at the moment, so that questions are his. Whole reads in the background come after him.</summary>
    public bool IsReading { get; private set; }

    public void BeginReading() => IsReading = true;

    public void EndReading()
    {
        IsReading = false;
        later.ForEach(question => question.SetResult());
        later.Clear();
    }

    /// <summary>Whether somebody asked for a day since a moment.</summary>
    public bool IsAskedSince(long day, long moment) => asked.TryGetValue(day, out var at) && at >= moment;

    public void Receive()
    {
        var late = Random.NextDouble() < .6 ? 0 : Pick([1, 5, 60, 200, 900, 5_000, 30_000, 130_000, 500_000]);
        Messages.Add((WebsmsNow, WebsmsNow + late));
    }

    /// <summary>A day stops or starts being answered.</summary>
    public void Toggle(bool isDown)
    {
        var day = (WebsmsNow / Day) - Random.Next(6);
        _ = isDown ? down.Add(day) : down.Remove(day);
    }

    /// <summary>Takes some messages back, or has them again.</summary>
    public void Hide(bool isHidden)
    {
        hidden.Clear();
        if (isHidden)
        {
            var share = Random.NextDouble();
            hidden.UnionWith(Enumerable.Range(0, Messages.Count).Where(_ => Random.NextDouble() < share));
        }
    }

    public void EndAll()
    {
        down.Clear();
        hidden.Clear();
    }

    public long Pick(long[] values) => values[Random.Next(values.Length)];

    public async Task<UpstreamAnswer> AskAsync(UpstreamQuestion question, CancellationToken cancellationToken)
    {
        var (from, through) = (SecondOf(new DateTimeOffset(question.From, Offset)), SecondOf(new DateTimeOffset(question.Through, Offset)));
        var days = Enumerable.Range(0, (int)((through / Day) - (from / Day)) + 1).Select(i => (from / Day) + i).ToList();
        if (IsReading && question.Askers.Names.Count == 0)
        {
            // Nobody waits for a whole read in the background.
            var turn = new TaskCompletionSource();
            later.Add(turn);
            await turn.Task;
        }

        days.ForEach(day => asked[day] = Now);

        if (days.Exists(down.Contains))
        {
            return UpstreamAnswer.Failed(new UpstreamFailure(UpstreamError.Timeout, "WEBSMS did not answer in time."));
        }

        var given = Enumerable.Range(0, Messages.Count)
            .Where(i => Messages[i].Reported <= WebsmsNow && !hidden.Contains(i) && Messages[i].Date >= from && Messages[i].Date <= through)
            .OrderBy(i => Messages[i].Date).ToList();
        Answered?.Invoke(from, through, given);
        return UpstreamAnswer.Verified(
            Time.Now, given.ConvertAll(i => new WireRecord(InstantOf(Messages[i].Date).DateTime, Websms.NumberOf(0), "Ozon", $"{i}")), [], isWhole: true, 0,
            ahead: TimeSpan.FromSeconds(Ahead));
    }
}
