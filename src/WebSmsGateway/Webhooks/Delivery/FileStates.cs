using System.Globalization;
using System.Security.Cryptography;

namespace WebSmsGateway.Webhooks.Delivery;

/// <summary>
/// Keeps state in files, for a gateway without Redis. A file is written beside the old one, flushed and renamed, so that a loss of power leaves
/// one of the two whole. The first process that uses the directory has the right to send.
/// </summary>
internal sealed partial class FileStates(string directory, TimeProvider clock, ILogger<FileStates> logger) : IStateStore, IDisposable
{
    private const string Mark = "first-state";
    private const string Lock = "lock";

    private FileStream? held;
    private bool isFailing;

    public string Description => $"in {directory}";

    public TimeProvider Time => clock;

    private SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>What is wrong with a directory; null if state can be kept there.</summary>
    public static string? FaultOf(string directory)
    {
        try
        {
            if (!Directory.Exists(directory))
            {
                return "does not exist; create it for the user of the process, or leave it out to keep state in memory";
            }

            var probe = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "cannot be written to by the user of the process";
        }
    }

    public async Task<StateReply?> LookAsync(string endpoint, KnownTags known, LeaseRequest request, CancellationToken cancellationToken) =>
        await TryAsync(
            async () => new StateReply(
                request.Sender is not null && TakeLock(),
                await ReadAsync(endpoint, StateSlot.State, known.State, cancellationToken),
                await ReadAsync(endpoint, StateSlot.Orders, known.Orders, cancellationToken)),
            null, cancellationToken);

    public Task<StateWrite> ReplaceAsync(
        string endpoint, StateSlot slot, string tag, byte[] payload, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                if ((await ReadAsync(endpoint, slot, "", cancellationToken)).Tag != tag)
                {
                    return new StateWrite(StateWriteOutcome.Lost, "");
                }

                await WriteAsync(PathOf(endpoint, slot), payload, cancellationToken);
                if (!File.Exists(Path.Combine(directory, Mark)))
                {
                    var now = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
                    await WriteAsync(Path.Combine(directory, Mark), System.Text.Encoding.ASCII.GetBytes(now), cancellationToken);
                }

                return new StateWrite(StateWriteOutcome.Written, TagOf(payload));
            },
            new StateWrite(StateWriteOutcome.Unanswered, ""), cancellationToken);

    public Task ReleaseAsync(string endpoint, string sender, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<(bool Answered, TimeSpan? Age)> AgeAsync(CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            var mark = Path.Combine(directory, Mark);
            var text = File.Exists(mark) ? await File.ReadAllTextAsync(mark, cancellationToken) : "";
            return DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
                ? (true, clock.GetUtcNow() - first)
                : (true, default(TimeSpan?));
        },
        (false, null), cancellationToken);

    public void Dispose() => held?.Dispose();

    private async Task<T> TryAsync<T>(Func<Task<T>> work, T otherwise, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            var result = await work();
            isFailing = false;
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!isFailing)
            {
                isFailing = true;
                Log.Failed(logger, exception.GetType().Name);
            }

            return otherwise;
        }
        finally
        {
            Gate.Release();
        }
    }

    private bool TakeLock()
    {
        try
        {
            held ??= new FileStream(Path.Combine(directory, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<StoredState> ReadAsync(string endpoint, StateSlot slot, string known, CancellationToken cancellationToken)
    {
        var path = PathOf(endpoint, slot);
        if (!File.Exists(path))
        {
            return new StoredState("", null);
        }

        var payload = await File.ReadAllBytesAsync(path, cancellationToken);
        var tag = TagOf(payload);
        return new StoredState(tag, tag == known ? null : payload);
    }

    private static async Task WriteAsync(string path, byte[] payload, CancellationToken cancellationToken)
    {
        var fresh = path + ".new";
        await using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await stream.WriteAsync(payload, cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    // Names are equal in any letter case, and files are not everywhere.
    private string PathOf(string endpoint, StateSlot slot) =>
        Path.Combine(directory, $"{endpoint.ToLowerInvariant()}.{(slot == StateSlot.State ? "state" : "orders")}.json");

    private static string TagOf(byte[] payload) => Convert.ToHexStringLower(SHA256.HashData(payload).AsSpan(0, 16));

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "The state of webhooks cannot be read or written ({Fault}). It stays in memory and is written once that is possible again.")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
