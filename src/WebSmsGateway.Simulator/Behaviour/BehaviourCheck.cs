using System.Text;

namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>Validates a behaviour, with one sentence per fault.</summary>
internal static class BehaviourCheck
{
    public static IReadOnlyList<string> Find(SimulatorBehaviour behaviour)
    {
        List<string> faults = [];
        if (!IsHeaderText(behaviour.Charset.Declared))
        {
            faults.Add("charset.declared must be printable ASCII.");
        }

        if (!IsHeaderText(behaviour.Charset.MediaType) || behaviour.Charset.MediaType is "")
        {
            faults.Add("charset.mediaType must be printable ASCII, such as text/html.");
        }

        for (var index = 0; index < behaviour.Faults.Count; index++)
        {
            faults.AddRange(Find(behaviour.Faults[index]).Select(fault => $"faults[{index}].{fault}"));
        }

        return faults;
    }

    // The JSON reader lets null elements through.
    private static IEnumerable<string> Find(SimulatorFault? fault)
    {
        if (fault is null)
        {
            yield return "kind must be given: a fault is a JSON object.";
            yield break;
        }

        var wrong = fault.Kind switch
        {
            FaultKind.Delay when fault.Milliseconds is not >= 0 => "milliseconds must be given: 0 or more.",
            FaultKind.Drip when fault.BytesPerSecond is not >= 1 => "bytesPerSecond must be given: 1 or more.",
            FaultKind.Status when fault.Status is not (>= 200 and <= 599) => "status must be given: 200 to 599.",
            FaultKind.Redirect when fault.Status is not (null or (>= 300 and <= 399)) => "status of a redirect must be 300 to 399.",
            FaultKind.Redirect when string.IsNullOrEmpty(fault.Location) || !IsHeaderText(fault.Location) =>
                "location must be given: an address in printable ASCII.",
            FaultKind.Truncate when fault.AtByte is null && fault.AtFraction is null => "atByte or atFraction must be given.",
            FaultKind.Garbage when fault.Bytes is not (null or (>= 1 and <= 100_000_000)) => "bytes must be 1 to 100000000.",
            FaultKind.Huge when fault.Megabytes is not (>= 1 and <= 4096) => "megabytes must be given: 1 to 4096.",
            FaultKind.OtherDay when fault.Days is not (null or (>= -3650 and <= 3650)) => "days must be -3650 to 3650.",
            FaultKind.ErrorNum when fault.ErrorNum is null => "errorNum must be given.",
            _ => null,
        };
        if (wrong is not null)
        {
            yield return wrong;
        }

        if (fault.AtByte is not null && fault.AtFraction is not null)
        {
            yield return "atByte and atFraction exclude each other.";
        }

        if (fault.AtFraction is not (null or (>= 0 and <= 1)))
        {
            yield return "atFraction must be 0 to 1.";
        }

        if (fault.RetryAfter < 0)
        {
            yield return "retryAfter must be 0 or more.";
        }

        if (fault.LongerThanDays < 0)
        {
            yield return "longerThanDays must be 0 or more.";
        }

        if (fault.After < 0 || fault.Every < 1 || fault.Times < 1)
        {
            yield return "after must be 0 or more, every and times 1 or more.";
        }
    }

    private static bool IsHeaderText(string? value) => value is null || (Ascii.IsValid(value) && !value.Any(char.IsControl));
}
