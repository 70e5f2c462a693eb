using System.Collections.Concurrent;
using System.Text.Json;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Faults;

/// <summary>The messages that the simulator received, and when. Answers are compared with them.</summary>
internal sealed class ClusterTruth(SimulatedAccount account)
{
    public const string Number = "79021234567";
    public const string OtherNumber = "79027654321";

    private readonly ConcurrentDictionary<string, (string Number, DateTimeOffset AddedBefore)> messages = [];
    private int count;

    /// <summary>The texts of the messages of a number. All of them differ.</summary>
    public IEnumerable<string> TextsOf(string? number) =>
        messages.Where(pair => number is null || pair.Value.Number == number).Select(pair => pair.Key);

    public int Count => messages.Count;

    /// <summary>Makes one of the numbers receive a message.</summary>
    public void Receive()
    {
        var index = Interlocked.Increment(ref count);
        var number = index % 3 == 0 ? OtherNumber : Number;
        var text = $"Сообщение {index}";

        // The message is recorded before the simulator has it, because a reader may see it at once. Its time is recorded afterwards,
        // because no reader has to see it earlier.
        messages[text] = (number, DateTimeOffset.MaxValue);
        account.AddMessages(new SimulatorMessage(number, "Sberbank", text));
        messages[text] = (number, TimeProvider.System.GetUtcNow());
    }

    /// <summary>The first statement of a number's page of all messages that is wrong; null if there is none.</summary>
    public string? ContradictionIn(JsonElement page, string? number)
    {
        var items = page.GetProperty("items").EnumerateArray().ToList();
        var texts = items.ConvertAll(item => item.GetProperty("text").GetString()!);
        var completeUntil = page.GetProperty("completeUntil").GetDateTimeOffset();
        if (texts.Distinct().Count() != texts.Count || items.DistinctBy(item => item.GetProperty("id").GetString()).Count() != items.Count)
        {
            return "a message came twice in a page";
        }

        foreach (var item in items)
        {
            var text = item.GetProperty("text").GetString()!;
            if (!messages.TryGetValue(text, out var message) || message.Number != item.GetProperty("rentedNumber").GetString())
            {
                return $"'{text}' was never received by that number";
            }
        }

        var missing = messages.Where(pair => (number is null || pair.Value.Number == number) && pair.Value.AddedBefore < completeUntil)
            .Select(pair => pair.Key).Except(texts).ToList();
        return missing.Count == 0 ? null : $"complete until {completeUntil:O}, but '{missing[0]}' is not in it";
    }
}
