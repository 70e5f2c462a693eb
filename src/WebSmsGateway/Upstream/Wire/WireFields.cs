using System.Text;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>The names that the wire uses, in any letter case.</summary>
internal enum WireField
{
    Unknown,
    Date,
    RentNum,
    TelNum,
    Message,
    ErrorNumber,
    ErrorMessage,
}

/// <summary>The short fields of one record, as they stand in the answer.</summary>
internal ref struct WireFields
{
    private const int LongestName = 15;

    private uint seen;

    public ReadOnlySpan<byte> Date;
    public ReadOnlySpan<byte> RentNum;
    public ReadOnlySpan<byte> TelNum;
    public ReadOnlySpan<byte> ErrorNumber;
    public ReadOnlySpan<byte> ErrorMessage;

    public readonly bool Has(WireField field) => (seen & (1u << (int)field)) != 0;

    /// <summary>Whether what has been read so far can only be a message.</summary>
    public readonly bool AreOfRecord => Has(WireField.Date) || (Has(WireField.Message) && !HasVerdict);

    public readonly bool HasVerdict => Has(WireField.ErrorNumber) || Has(WireField.ErrorMessage);

    /// <summary>Whether a field came twice, under one of its names or under two.</summary>
    public bool IsRepeating { get; private set; }

    /// <summary>
    /// Whether the fields leave a doubt. One is repeated, or one is missing while there is a name that nobody knows: most likely
    /// that is the same field under another name.
    /// </summary>
    public readonly bool AreAmbiguous =>
        IsRepeating || (Has(WireField.Unknown) && !(Has(WireField.TelNum) && Has(WireField.Message)));

    /// <summary>Takes a value. The first one of a field stands: later ones may come from the text.</summary>
    public void Take(WireField field, ReadOnlySpan<byte> value)
    {
        if (Has(field) && field != WireField.Unknown)
        {
            IsRepeating = true;
            return;
        }

        Mark(field);
        switch (field)
        {
            case WireField.Date: Date = value; break;
            case WireField.RentNum: RentNum = value; break;
            case WireField.TelNum: TelNum = value; break;
            case WireField.ErrorNumber: ErrorNumber = value; break;
            case WireField.ErrorMessage: ErrorMessage = value; break;
        }
    }

    public void Mark(WireField field) => seen |= 1u << (int)field;

    public static WireField Of(ReadOnlySpan<byte> name)
    {
        return name.Length switch
        {
            5 when Is(name, "error"u8) => WireField.ErrorMessage,
            6 when Is(name, "telnum"u8) => WireField.TelNum,
            7 when Is(name, "message"u8) => WireField.Message,
            7 when Is(name, "rentnum"u8) => WireField.RentNum,
            7 when Is(name, "in_date"u8) => WireField.Date,
            7 when Is(name, "err_num"u8) => WireField.ErrorNumber,
            8 when Is(name, "sms_date"u8) => WireField.Date,
            9 when Is(name, "error_num"u8) => WireField.ErrorNumber,
            13 when Is(name, "error_message"u8) => WireField.ErrorMessage,
            // The defect of the vendor's JSON writer.
            LongestName when Is(name, "error error_num"u8) => WireField.ErrorNumber,
            _ => WireField.Unknown,
        };
    }

    public static WireField Of(string name)
    {
        Span<byte> ascii = stackalloc byte[LongestName];
        return name.Length <= LongestName && Ascii.FromUtf16(name, ascii, out var written) == System.Buffers.OperationStatus.Done
            ? Of(ascii[..written])
            : WireField.Unknown;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowercase) => Ascii.EqualsIgnoreCase(name, lowercase);
}
