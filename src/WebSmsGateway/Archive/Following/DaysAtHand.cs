using WebSmsGateway.Archive.Records;
using WebSmsGateway.Budgets;

namespace WebSmsGateway.Archive.Following;

/// <summary>
/// The days that a download is about to give. It holds them while the budget of its caller has room and the caller takes what is sent. Beyond
/// that it only remembers them: a day that the memory tier has dropped meanwhile is then read again.
/// </summary>
internal sealed class DaysAtHand(Charge charge)
{
    private readonly Dictionary<DateOnly, (DayRecord? Held, WeakReference<DayRecord> Remembered)> days = [];

    /// <summary>Keeps days in place of others that it held.</summary>
    public void Keep(IReadOnlyList<DayRecord> records)
    {
        foreach (var record in records)
        {
            Leave(record.Day);
            var isHeld = charge.TryGrowIfPlenty(record.Cost);
            days[record.Day] = (isHeld ? record : null, new WeakReference<DayRecord>(record));
        }
    }

    /// <summary>A day, if it is still there.</summary>
    public DayRecord? Find(DateOnly day) =>
        days.TryGetValue(day, out var kept) ? kept.Held ?? (kept.Remembered.TryGetTarget(out var record) ? record : null) : null;

    /// <summary>Forgets a day.</summary>
    public void Leave(DateOnly day)
    {
        if (days.Remove(day, out var kept) && kept.Held is { } record)
        {
            charge.Set(charge.Amount - record.Cost);
        }
    }

    /// <summary>Gives back what it holds, because the caller does not take what is sent.</summary>
    public void Release()
    {
        foreach (var (day, kept) in days.Where(kept => kept.Value.Held is not null).ToList())
        {
            Leave(day);
            days[day] = (null, kept.Remembered);
        }
    }
}
