using System.Buffers.Text;
using System.Text;
using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Collects what a parser finds: checks the short fields of each record, numbers the records, keeps the verdict.</summary>
internal sealed class WireDocumentBuilder(WireFormat format, WireEvidence evidence, int length)
{
    /// <summary>Stands for an error that WEBSMS gave no readable number.</summary>
    public const int ErrorWithoutNumber = -1;

    private const char Replacement = '\uFFFD';
    private const int ShortestNumber = 9;
    private const int LongestNumber = 15;
    private const int CachedStrings = 512;

    // A record with a short text: room for all at once, or a list of thousands would be copied each time that it doubles.
    private const int BytesOfARecord = 160;
    private const int MostRoom = 100_000;

    private readonly List<WireRecord> records = new(Math.Min(length / BytesOfARecord, MostRoom));
    private readonly List<WireProblem> problems = [];
    private readonly string?[] cache = new string?[CachedStrings];
    private int position;
    private int? errorNumber;
    private bool isRecognised;

    /// <summary>Whether a message, readable or not, has been met.</summary>
    public bool HasMessages => position > 0;

    /// <summary>Whether WEBSMS refused.</summary>
    public bool IsError => errorNumber is not (null or 0);

    public void Add(in WireFields fields, string text, bool isAmbiguous = false, bool isDamaged = false)
    {
        position++;
        isRecognised = true;
        var hasDate = WireDates.TryRead(fields.Date, out var date);
        var rentNum = fields.RentNum[Ascii.Trim(fields.RentNum)];
        rentNum = rentNum.StartsWith("+"u8) ? rentNum[1..] : rentNum;
        var hasNumber = rentNum.Length is >= ShortestNumber and <= LongestNumber && !rentNum.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!hasDate || !hasNumber || fields.MayHaveLostField)
        {
            var reason = (hasDate, hasNumber) switch
            {
                (false, true) => ProblemReason.UnreadableDate,
                (true, false) => ProblemReason.UnreadableNumber,
                _ => ProblemReason.UnreadableRecord,
            };
            problems.Add(new WireProblem(position, hasDate ? date : null, reason, hasNumber && !fields.MayHaveLostField ? Shared(rentNum) : null));
            return;
        }

        var telNum = Shared(fields.TelNum[Ascii.Trim(fields.TelNum)]);
        var number = Shared(rentNum);
        records.Add(new WireRecord(date, number, telNum, text));
        if (isAmbiguous)
        {
            problems.Add(new WireProblem(position, date, ProblemReason.AmbiguousText, number));
        }

        if (isDamaged || (evidence.HasReplacements && (text.Contains(Replacement) || telNum.Contains(Replacement))))
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
        if (ReadVerdict(number, wording) is not { } verdict)
        {
            return;
        }

        if (verdict != 0 && isBesideMessages && HasMessages)
        {
            AddUnreadable();
            return;
        }

        isRecognised = true;
        errorNumber = IsError ? errorNumber : verdict;
    }

    /// <summary>An answer that says in the format's own way that it holds nothing.</summary>
    public void MarkEmptyAnswer() => isRecognised = true;

    public WireDocument Build(bool isWhole, bool wasRecovered) => !isRecognised
        ? WireDocument.NotTheProtocol
        : new WireDocument
        {
            IsProtocol = true,
            Format = format,
            IsWhole = isWhole,
            ErrorNumber = errorNumber,
            Records = records,
            Problems = problems,
            WasRecovered = wasRecovered,
        };

    private static int? ReadVerdict(ReadOnlySpan<byte> number, ReadOnlySpan<byte> wording)
    {
        number = number[Ascii.Trim(number)];
        if (Utf8Parser.TryParse(number, out int read, out var consumed) && consumed == number.Length)
        {
            return read;
        }

        wording = wording[Ascii.Trim(wording)];
        if (number.IsEmpty && wording.IsEmpty)
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
