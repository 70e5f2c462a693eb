using WebSmsGateway.Archive.Following;
using WebSmsGateway.Model;
using WebSmsGateway.Simulation.Oracle;

namespace WebSmsGateway.Simulation.Worlds;

/// <summary>The readers of a world, and their requests.</summary>
internal sealed class Readers(World world)
{
    private const int MostPages = 3000;

    private readonly Dictionary<int, Walk> walks = [];
    private CancellationTokenSource watching = new();
    private int begun;

    public IReadOnlyCollection<Walk> Walks => walks.Values;

    public void Do(Happening happening)
    {
        switch (happening.What)
        {
            case What.Begin:
                var walk = new Walk(begun, happening.Ask!) { LastReplica = happening.Who };
                walks.Add(begun++, walk);
                Start(walk, happening.Who, () => ReadAsync(walk, happening.Who, pages: 1));
                break;
            case What.Look:
                Look(happening.Part, happening.Count);
                break;
            case var what when walks.TryGetValue(happening.Who, out var reader):
                Start(reader, happening.Part, () => what switch
                {
                    What.Read => ReadAsync(reader, happening.Part, happening.Count),
                    What.Wait => WaitAsync(reader, happening.Part, happening.Span),
                    _ => StreamAsync(reader, happening.Part, happening.Span),
                });
                break;
        }
    }

    public void EndWatches()
    {
        watching.Cancel();
        watching = new CancellationTokenSource();
    }

    /// <summary>Everybody reads until there is nothing more, after somebody looked at everything.</summary>
    public void ReadEverything()
    {
        foreach (var replica in world.Replicas)
        {
            Look(replica.Index, world.LocalDay.DayNumber - world.Zone.DayOf(world.Setting.Start).DayNumber + 2);
        }

        world.Time.RunUntil(world.Time.Elapsed + TimeSpan.FromSeconds(30));
        foreach (var walk in walks.Values)
        {
            Start(walk, walk.LastReplica, () => ReadAsync(walk, walk.LastReplica, MostPages));
        }

        world.Time.RunUntil(world.Time.Elapsed + TimeSpan.FromSeconds(30));
    }

    private void Look(int replica, int days)
    {
        var from = world.Zone.StartOf(world.LocalDay.AddDays(-days));
        var walk = new Walk(-1, new Ask(false, from, false, 1000, -1, null));
        world.LastLooks[replica] = walk;
        Start(walk, replica, () => ReadAsync(walk, replica, MostPages));
    }

    private void Start(Walk walk, int replica, Func<Task> work)
    {
        if (walk.IsBusy || !world.Replicas[replica].IsAlive)
        {
            return;
        }

        walk.IsBusy = true;
        walk.LastReplica = replica;
        world.Time.Run(async () =>
        {
            try
            {
                await world.Clocks.AwakeAsync(world.Replicas[replica]);
                await work();
            }
            catch (OperationCanceledException)
            {
                // The process was killed, or the reader left. A reader goes on with its last cursor.
            }
#pragma warning disable CA1031 // Any exception is a defect of the gateway.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                world.Report(Promise.NoDefect, $"{walk}: {exception}");
            }
            finally
            {
                walk.IsBusy = false;
            }
        });
    }

    private async Task ReadAsync(Walk walk, int replica, int pages)
    {
        var run = world.Replicas[replica];
        for (var page = 0; page < pages && !walk.IsAtEnd; page++)
        {
            var call = Begin(walk, run);
            var reading = await run.Process.ReadAsync(QueryOf(call, isStream: false), run.Killed).WaitAsync(run.Killed);
            world.Times.Page(call, reading);
            var isTaken = Take(call, reading);
            if (isTaken && call is { IsFirst: true, Walk: { Ask.IsAscending: false, IsAtEnd: true } })
            {
                WholeReadOracle.Check(world, call);
            }

            if (!isTaken || (walk.Ask.IsAscending && reading.Page!.Items.Count == 0))
            {
                return;
            }
        }
    }

    private async Task WaitAsync(Walk walk, int replica, TimeSpan wait)
    {
        if (!walk.Ask.IsAscending)
        {
            return;
        }

        var run = world.Replicas[replica];
        var call = Begin(walk, run);
        var reading = await run.Process.WaitAsync(QueryOf(call, isStream: false), wait, run.Killed).WaitAsync(run.Killed);
        world.Times.Wait(call, wait, reading);
        if (reading is not null)
        {
            Take(call, reading);
        }
    }

    private async Task StreamAsync(Walk walk, int replica, TimeSpan span)
    {
        if (!walk.Ask.IsAscending)
        {
            return;
        }

        var run = world.Replicas[replica];
        using var timeout = new CancellationTokenSource(span, run.Clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, run.Killed, watching.Token);
        var call = Begin(walk, run, isStream: true);
        var watch = world.Times.Stream(call);
        try
        {
            await run.Process.StreamAsync(QueryOf(call, isStream: true), reading =>
            {
                if (!ended.IsCancellationRequested)
                {
                    Take(call with { AskedAt = watch.LastReadAt }, reading);
                    watch.Read(reading);

                    // A stream writes the place of a reader even before its first page.
                    walk.Cursor = reading.NextText ?? walk.Cursor;
                }
            }, ended.Token).WaitAsync(ended.Token);
        }
        finally
        {
            world.Times.EndOfStream(watch);
        }
    }

    private static MessageQuery QueryOf(PageCall call, bool isStream) =>
        call.Run.Process.QueryOf(call.Walk.Ask, call.Walk.Cursor, isStream);

    private PageCall Begin(Walk walk, ReplicaRun run, bool isStream = false)
    {
        var call = new PageCall(walk, run, world.Time.Elapsed, walk.Cursor is null, isStream ? 1 : walk.Ask.Limit);
        if (call.IsFirst)
        {
            world.Pages.Begin(call);
        }

        return call;
    }

    /// <summary>Takes a page, and says whether there was one.</summary>
    private bool Take(PageCall call, PageReading reading)
    {
        var walk = call.Walk;
        if (reading.Page is not { } page)
        {
            world.Tell($"{walk} at {call.Run}: {reading.Failure!.Error}");
            return false;
        }

        world.Tell($"{walk} at {call.Run}: {page.Items.Count} messages, complete until {page.CompleteUntil:dd HH:mm:ss}"
            + (page.Stale ? ", stale" : "") + string.Concat(page.Items.Take(20).Select(item => $" [{item.Text}]")));
        world.Pages.Check(call with { IsFirst = walk.Cursor is null }, page, reading.Next?.Epoch);
        walk.Cursor = page.NextCursor;
        walk.IsAtEnd = page.NextCursor is null;
        return true;
    }
}

/// <summary>A request of a reader.</summary>
/// <param name="Walk">The reader.</param>
/// <param name="Run">The process that it asked.</param>
/// <param name="AskedAt">When it asked.</param>
/// <param name="IsFirst">Whether it had no cursor.</param>
/// <param name="Limit">The messages of its pages. A stream reads pages of one message.</param>
internal sealed record PageCall(Walk Walk, ReplicaRun Run, TimeSpan AskedAt, bool IsFirst, int Limit);
