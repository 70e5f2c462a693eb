using System.Text;
using System.Text.Json;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads the JSON form: an array of records, a single record, an error object, or an object around any of these.</summary>
internal static class JsonWireParser
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16, AllowTrailingCommas = true };

    public static WireDocument Read(WireEvidence evidence)
    {
        var utf8 = evidence.Bytes;
        var strict = new WireDocumentBuilder(WireFormat.Json, evidence);
        try
        {
            // What stands behind the end does not count, unless the end that was met is a part of a text.
            var end = ReadWhole(utf8, evidence.Work, strict);
            if (!strict.HasMessages || !JsonFrame.HoldsRecords(utf8, end))
            {
                return strict.Build(WireEnd.Proven, wasRecovered: false);
            }
        }
        catch (JsonException)
        {
            // Not JSON, or not to its end.
        }

        // Records whose fields stand in another order than the vendor's give no anchors.
        var recovered = JsonRecovery.Read(evidence);
        return recovered.Records.Count < strict.RecordCount ? strict.Build(WireEnd.Cut, wasRecovered: true) : recovered;
    }

    private static int ReadWhole(WireBytes utf8, WireWork work, WireDocumentBuilder builder)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            if (ReadArray(ref reader, utf8, work, builder) == 0)
            {
                builder.MarkEmptyAnswer();
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, utf8, work, builder, isTop: true);
        }

        return (int)reader.BytesConsumed;
    }

    private static int ReadArray(scoped ref Utf8JsonReader reader, WireBytes utf8, WireWork work, WireDocumentBuilder builder)
    {
        var elements = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements++;
            work.Add(1);
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, utf8, work, builder, isTop: false);
            }
            else
            {
                reader.Skip();
                builder.AddUnreadable(isOfProtocol: false);
            }
        }

        return elements;
    }

    private static void ReadObject(
        scoped ref Utf8JsonReader reader, WireBytes utf8, WireWork work, WireDocumentBuilder builder, bool isTop)
    {
        var fields = new WireFields();
        var text = "";
        var textStart = 0;
        bool isBroken = false, isDamaged = false, isWrapper = false, fieldsPrecedeText = false, isBrokenOut = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            work.Add(1);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                var isError = field is WireField.ErrorNumber or WireField.ErrorMessage;
                if ((field != WireField.Unknown && !isError) || fields.AreOfRecord)
                {
                    isBroken |= field != WireField.Unknown;
                    reader.Skip();
                }
                else if (reader.TokenType == JsonTokenType.StartArray)
                {
                    isWrapper = true;
                    if (ReadArray(ref reader, utf8, work, builder) == 0 && fields.HasVerdict)
                    {
                        builder.MarkEmptyAnswer();
                    }
                }
                else
                {
                    isWrapper = true;
                    ReadObject(ref reader, utf8, work, builder, isTop);
                }
            }
            else if (field == WireField.Message && !fields.Has(field))
            {
                fields.Mark(field);
                textStart = (int)reader.TokenStartIndex + 1;
                fieldsPrecedeText = fields.Has(WireField.Date) && fields.Has(WireField.RentNum);
                text = TextOf(ref reader, out isDamaged);
            }
            else if (fieldsPrecedeText && (fields.Has(field) || field is WireField.ErrorNumber or WireField.ErrorMessage)
                && field != WireField.Unknown)
            {
                isBrokenOut = true;
            }
            else
            {
                fields.Take(field, ValueOf(ref reader));
            }
        }

        if (!fields.AreOfRecord)
        {
            if (fields.HasVerdict)
            {
                builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage, isBesideMessages: !isTop);
            }
            else if (!isWrapper)
            {
                builder.AddUnreadable(isOfProtocol: fields.Has(WireField.RentNum) || fields.Has(WireField.TelNum));
            }
        }
        else if (isBroken)
        {
            builder.AddUnreadable(fields.Date);
        }
        else
        {
            if (isBrokenOut)
            {
                // No writer names a field again behind the text: a text that was not escaped brought it. The vendor writes the
                // message last, so all from its opening quote to the end of the object is the text.
                var raw = utf8[textStart..utf8.SkipBefore((int)reader.TokenStartIndex, textStart, WireBytes.White)].Span;
                text = Encoding.UTF8.GetString(raw.EndsWith("\""u8) ? raw[..^1] : raw);
            }

            builder.Add(fields, text, isBrokenOut, isDamaged && !isBrokenOut);
        }
    }

    private static WireField FieldOf(scoped ref Utf8JsonReader reader) =>
        WireFields.Of(reader.ValueIsEscaped ? Unescaped(reader.ValueSpan) : reader.ValueSpan);

    private static ReadOnlySpan<byte> ValueOf(scoped ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? default
        : reader.ValueIsEscaped ? Unescaped(reader.ValueSpan)
        : reader.ValueSpan;

    private static string TextOf(scoped ref Utf8JsonReader reader, out bool isDamaged)
    {
        isDamaged = false;
        return reader.TokenType == JsonTokenType.Null ? ""
            : reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan, out isDamaged)
            : Encoding.UTF8.GetString(reader.ValueSpan);
    }

    private static byte[] Unescaped(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetBytes(JsonText.Unescape(raw, out _));
}
