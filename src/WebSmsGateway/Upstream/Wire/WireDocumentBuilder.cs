using System.Buffers.Text;
using System.Text;
using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Collects what a parser finds: checks the short fields of each record, numbers the records, keeps the verdict.</summary>
internal sealed class WireDocumentBuilder(WireFormat format, WireEvidence evidence)
{
    /// <summary>Stands for an error that WEBSMS gave no readable number.</summary>
    public const int ErrorWithoutNumber = -1;

    private const int ShortestNumber = 9;
    private const int LongestNumber = 15;
    private const int CachedStrings = 512;

    // A record with a short text: room for all at once, or a list of thousands would be copied each time that it doubles.
    private const int BytesOfARecord = 160;
    private const int MostRoom = 100_000;

    private readonly List<WireRecord> records = new(Math.Min(evidence.Characters.Utf8.Length / BytesOfARecord, MostRoom));
    private readonly WireProblems problems = new();
    private readonly string?[] cache = new string?[CachedStrings];
    private int position;
    private int? errorNumber;
    private bool isNumbered;
    private bool isRecognised;

    /// <summary>Whether a message, readable or not, has been met.</summary>
    public bool HasMessages => position > 0;

    public int RecordCount => records.Count;

    public bool HasVerdict => errorNumber is not null;

    /// <summary>Whether WEBSMS answered with an error.</summary>
    public bool IsError => errorNumber is not (null or 0);

    public void Add(in WireFields fields, string text, bool isAmbiguous = false, bool isDamaged = false)
    {
        position++;
        isRecognised = true;
        var hasDate = WireDates.TryRead(fields.Date, out var date);
        var rentNum = fields.RentNum[Ascii.Trim(fields.RentNum)];
        rentNum = rentNum.StartsWith("+"u8) ? rentNum[1..] : rentNum;
        var hasNumber = rentNum.Length is >= ShortestNumber and <= LongestNumber && !rentNum.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!hasDate || !hasNumber)
        {
            var reason = (hasDate, hasNumber) switch
            {
                (false, true) => ProblemReason.UnreadableDate,
                (true, false) => ProblemReason.UnreadableNumber,
                _ => ProblemReason.UnreadableRecord,
            };
            var known = hasNumber && !fields.AreAmbiguous ? Shared(rentNum) : null;
            problems.Add(new WireProblem(position, hasDate ? date : null, reason, known));
            return;
        }

        var telNum = Shared(fields.TelNum[Ascii.Trim(fields.TelNum)]);
        isDamaged |= evidence.Characters.Settle(ref telNum, ref text);
        var number = Shared(rentNum);
        records.Add(new WireRecord(date, number, telNum, text));
        if (isAmbiguous || fields.AreAmbiguous)
        {
            problems.Add(new WireProblem(position, date, ProblemReason.AmbiguousText, number));
        }

        if (isDamaged)
        {
            problems.Add(new WireProblem(position, date, ProblemReason.UnreadableCharacters, number));
        }
    }

    /// <summary>A place where a record should be and none can be read.</summary>
    /// <param name="date">What is known of its date.</param>
    /// <param name="isOfProtocol">Whether at least a field of the protocol was there.</param>
    public void AddUnreadable(ReadOnlySpan<byte> date = default, bool isOfProtocol = true)
    {
        position++;
        isRecognised |= isOfProtocol;
        problems.Add(new WireProblem(position, WireDates.TryRead(date, out var read) ? read : null, ProblemReason.UnreadableRecord));
    }

    /// <summary>
    /// Takes an error number that stands outside any message. Once a message has been met, an error beside it is not how WEBSMS
    /// refuses: it is damage or a text that broke out, and must not let a sender stop the account.
    /// </summary>
    public void AddVerdict(ReadOnlySpan<byte> number, ReadOnlySpan<byte> wording, bool isBesideMessages = true)
    {
        if (ReadVerdict(number, wording, out var isNumber) is not { } verdict || (HasVerdict && !isNumber))
        {
            return;
        }

        if (verdict != 0 && isBesideMessages && HasMessages)
        {
            AddUnreadable();
            return;
        }

        isRecognised = true;
        errorNumber = isNumbered && IsError ? errorNumber : verdict;
        isNumbered = isNumber;
    }

    /// <summary>An answer that says in the format's own way that it holds nothing.</summary>
    public void MarkEmptyAnswer() => isRecognised = true;

    /// <param name="end">What the format shows of the end. A body that broke off on its way is cut whatever it shows.</param>
    /// <param name="wasRecovered">Whether the strict reading failed.</param>
    public WireDocument Build(WireEnd end, bool wasRecovered)
    {
        if (!isRecognised)
        {
            return WireDocument.NotTheProtocol;
        }

        end = evidence.TransportEnd == WireEnd.Cut ? WireEnd.Cut : end;
        return new WireDocument
        {
            IsProtocol = true,
            Format = format,
            End = end,

            // The wording decides only where the number is missing, and behind a cut it may have been there.
            ErrorNumber = end == WireEnd.Cut && !isNumbered ? null : errorNumber,
            Records = records,
            Problems = problems.Made(),
            WasRecovered = wasRecovered,
        };
    }

    /// <summary>The number, under whichever name it came; where there is none the wording decides.</summary>
    private static int? ReadVerdict(ReadOnlySpan<byte> number, ReadOnlySpan<byte> wording, out bool isNumber)
    {
        number = number[Ascii.Trim(number)];
        wording = wording[Ascii.Trim(wording)];
        isNumber = TryReadNumber(number, out var read) || (number.IsEmpty && TryReadNumber(wording, out read));
        if (isNumber)
        {
            return read;
        }

        if (number.IsEmpty && (wording.IsEmpty || Ascii.EqualsIgnoreCase(wording, "false"u8)))
        {
            return null;
        }

        var words = Encoding.UTF8.GetString(wording[..Math.Min(wording.Length, 256)]);
        return words.Contains("no records", StringComparison.OrdinalIgnoreCase) ? 4
            : words.Contains("incorrect login", StringComparison.OrdinalIgnoreCase) ? 2
            : words.Contains("empty password", StringComparison.OrdinalIgnoreCase) ? 1
            : words.Contains("invalid date", StringComparison.OrdinalIgnoreCase) ? 3
            : ErrorWithoutNumber;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out int number) =>
        Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length;

    // An answer repeats a handful of numbers many thousand times.
    private string Shared(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 32)
        {
            return Encoding.UTF8.GetString(value);
        }

        var hash = 0u;
        foreach (var b in value)
        {
            hash = hash * 31 + b;
        }

        ref var slot = ref cache[hash % CachedStrings];
        if (slot is null || !Ascii.Equals(value, slot))
        {
            slot = Encoding.UTF8.GetString(value);
        }

        return slot;
    }
}
