namespace WebSmsGateway.Simulator;

/// <summary>
/// The messages of an account in the order of time, together and by rented number. Adding a message, dropping the oldest and finding the
/// first of a window cost O(log n). Not safe for concurrent use.
/// </summary>
internal sealed class MessageIndex
{
    private static readonly Comparer<StoredMessage> ByTime = Comparer<StoredMessage>.Create((left, right) =>
    {
        var byTime = left.LocalTime.CompareTo(right.LocalTime);
        return byTime != 0 ? byTime : left.Sequence.CompareTo(right.Sequence);
    });

    private readonly SortedSet<StoredMessage> all = new(ByTime);
    private readonly Dictionary<string, SortedSet<StoredMessage>> byNumber = [];

    public int Count => all.Count;

    public void Add(StoredMessage message)
    {
        all.Add(message);
        if (!byNumber.TryGetValue(message.RentedNumber, out var ofNumber))
        {
            byNumber[message.RentedNumber] = ofNumber = new SortedSet<StoredMessage>(ByTime);
        }

        ofNumber.Add(message);
    }

    public void RemoveOldest()
    {
        if (all.Min is { } oldest)
        {
            all.Remove(oldest);
            byNumber[oldest.RentedNumber].Remove(oldest);
        }
    }

    public void Clear()
    {
        all.Clear();
        byNumber.Clear();
    }

    /// <summary>The messages of a window, both ends inclusive, oldest first.</summary>
    public List<StoredMessage> Find(string? rentedNumber, DateTime start, DateTime end)
    {
        var messages = rentedNumber is null ? all : byNumber.GetValueOrDefault(rentedNumber);
        return messages is null || start > end ? [] : [.. messages.GetViewBetween(Edge(start, long.MinValue), Edge(end, long.MaxValue))];
    }

    private static StoredMessage Edge(DateTime time, long sequence) => new(time, sequence, "", "", "");
}
