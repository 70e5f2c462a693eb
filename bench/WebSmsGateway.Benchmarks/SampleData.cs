using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Microsoft.Extensions.Options;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Benchmarks;

/// <summary>Realistic messages: mostly Cyrillic texts, from numbers and names, one every few seconds.</summary>
internal static class SampleData
{
    public static readonly AccountZone Zone = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));

    public static readonly RentedNumber Number = RentedNumber.Reported("79021234567");

    private static readonly DerivedKeys Keys = new(
        Options.Create(new CacheOptions()), Options.Create(new MessagesOptions()), Options.Create(new UpstreamOptions { Username = "demo" }));

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static List<WireRecord> Records(int count, DateTime start, TimeSpan step, string number = "79021234567")
    {
        var records = new List<WireRecord>(count);
        for (var i = 0; i < count; i++)
        {
            var time = start + (step * i);
            records.Add(new WireRecord(
                new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond)), number,
                i % 3 == 0 ? "Sberbank" : $"79{160000000 + (i % 1000)}", $"Ваш код {i:000000}. Никому его не сообщайте."));
        }

        return records;
    }

    public static DayRecord Record(int count, DateOnly day) => DayRecord.Of(day, Messages(count, day), Metadata(Zone.EndOf(day)));

    /// <summary>Messages over one day.</summary>
    public static List<Message> Messages(int count, DateOnly day) =>
        Placed(Records(count, day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(23.9) / Math.Max(1, count)), day);

    /// <summary>The messages of a day as a first read places them, in the order of the records.</summary>
    public static List<Message> Placed(IReadOnlyList<WireRecord> records, DateOnly day)
    {
        var ranks = new Dictionary<long, int>();
        var messages = new MessageFactory(Zone, Keys).Make(records, isNewestFirst: false, _ => null).GetValueOrDefault(day) ?? [];
        for (var i = 0; i < messages.Count; i++)
        {
            var second = messages[i].ReceivedAt.ToUnixTimeSeconds();
            ranks[second] = ranks.GetValueOrDefault(second, -1) + 1;
            messages[i] = messages[i].Placed(ranks[second], new Stamp(1, i), isFirst: true);
        }

        return messages;
    }

    public static RecordMetadata Metadata(DateTimeOffset at) => new(at, TimeSpan.Zero, at, at, IsWhole: true, IsFinal: false, []);

    public static byte[] Json(List<WireRecord> records)
    {
        var text = new StringBuilder("[");
        foreach (var record in records)
        {
            text.Append(text.Length > 1 ? ",\r\n" : "")
                .Append($"{{\"sms_date\":\"{record.Date:dd.MM.yyyy H:mm:ss}\", \"rentnum\":\"{record.RentNum}\", \"telnum\":\"{record.TelNum}\", \"message\":")
                .Append(JsonSerializer.Serialize(record.Message, Readable)).Append('}');
        }

        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }

    public static byte[] Xml(List<WireRecord> records)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("XML");
            xml.WriteStartElement("httpOut");
            foreach (var record in records)
            {
                xml.WriteStartElement("message");
                xml.WriteAttributeString("in_date", $"{record.Date:dd.MM.yyyy HH:mm:ss}");
                xml.WriteAttributeString("rentnum", record.RentNum);
                xml.WriteAttributeString("telnum", record.TelNum);
                xml.WriteString(record.Message);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    public static byte[] Txt(List<WireRecord> records)
    {
        var text = new StringBuilder();
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            text.Append($"[{i + 1}]\r\nin_date={record.Date:dd.MM.yyyy HH:mm:ss}\r\nrentnum={record.RentNum}\r\ntelnum={record.TelNum}\r\nmessage={record.Message}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
