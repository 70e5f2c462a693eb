using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>Writes answers as a correct server would.</summary>
internal static class WireWriter
{
    private static readonly JsonSerializerOptions Escaping = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(WireFormat format, IReadOnlyList<WireRecord> records) => format switch
    {
        WireFormat.Json => Json(records),
        WireFormat.Xml => Xml(records),
        _ => Txt(records),
    };

    public static string Json(IReadOnlyList<WireRecord> records) =>
        "[" + string.Join(", \n", records.Select(record =>
            $"{{\"sms_date\":\"{Date(record)}\", \"rentnum\":{Quote(record.RentNum)}, \"telnum\":{Quote(record.TelNum)}, "
            + $"\"message\":{Quote(record.Message)}}}")) + "]\n";

    public static string Xml(IReadOnlyList<WireRecord> records) =>
        "<XML>\n<httpOut>\n" + string.Concat(records.Select(record =>
            $"<message in_date=\"{Date(record)}\" rentnum =\"{record.RentNum}\" telnum=\"{Escape(record.TelNum)}\">"
            + $"{Escape(record.Message)}</message>\n")) + "</httpOut>\n</XML>";

    public static string Txt(IReadOnlyList<WireRecord> records) =>
        string.Concat(records.Select((record, i) =>
            $"[{i + 1}]\nin_date={Date(record)}\nrentnum={record.RentNum}\ntelnum={record.TelNum}\nmessage={record.Message}\n"));

    /// <summary>Where a record is whole: behind it, or in TXT, which has no end mark, behind the beginning of the next one.</summary>
    public static int EndOf(WireFormat format, IReadOnlyList<WireRecord> records, int index) => format switch
    {
        WireFormat.Json => Encoding.UTF8.GetByteCount(Json([.. records.Take(index + 1)])) - "]\n".Length,
        WireFormat.Xml => Encoding.UTF8.GetByteCount(Xml([.. records.Take(index + 1)])) - "\n</httpOut>\n</XML>".Length,
        _ when index == records.Count - 1 => int.MaxValue,
        _ => Encoding.UTF8.GetByteCount(Txt([.. records.Take(index + 1)])) + $"[{index + 2}]\nin_date=".Length,
    };

    public static WireDocument ReadBack(string answer) => WireReader.Read(Encoding.UTF8.GetBytes(answer), "utf-8", WireEnd.Proven);

    private static string Date(WireRecord record) => record.Date.ToString("dd.MM.yyyy H:mm:ss", CultureInfo.InvariantCulture);

    private static string Quote(string value) => JsonSerializer.Serialize(value, Escaping);

    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' when c != '\n' => escaped.Append(CultureInfo.InvariantCulture, $"&#x{(int)c:X};"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
