using System.Text;
using System.Text.Json;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>Reads the JSON form: an array of records, a single record, an error object, or an object around any of these.</summary>
internal sealed class JsonWireParser : IWireParser
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16, AllowTrailingCommas = true };

    public WireFormat Format => WireFormat.Json;

    public WireDocument Parse(ReadOnlyMemory<byte> utf8, WireEvidence evidence)
    {
        var strict = new WireDocumentBuilder(WireFormat.Json, evidence, utf8.Length);
        try
        {
            ReadWhole(utf8.Span, strict);
            return strict.Build(isWhole: true, wasRecovered: false);
        }
        catch (JsonException)
        {
            return JsonRecovery.Read(utf8.Span, new WireDocumentBuilder(WireFormat.Json, evidence, utf8.Length));
        }
    }

    private static void ReadWhole(ReadOnlySpan<byte> utf8, WireDocumentBuilder builder)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            if (ReadArray(ref reader, utf8, builder) == 0)
            {
                builder.MarkEmptyAnswer();
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, utf8, builder, isTop: true);
        }

        // The reader throws where anything but white space follows.
        reader.Read();
    }

    private static int ReadArray(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, WireDocumentBuilder builder)
    {
        var elements = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements++;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, utf8, builder, isTop: false);
            }
            else
            {
                reader.Skip();
                builder.AddUnreadable(isOfProtocol: false);
            }
        }

        return elements;
    }

    private static void ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, WireDocumentBuilder builder, bool isTop)
    {
        var fields = new WireFields();
        var text = "";
        var textStart = 0;
        var fieldsPrecedeText = false;
        bool isRepeating = false, isDamaged = false, isBroken = false, isWrapper = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (field != WireField.Unknown || fields.AreOfRecord)
                {
                    isBroken |= field != WireField.Unknown;
                    reader.Skip();
                }
                else if (reader.TokenType == JsonTokenType.StartArray)
                {
                    isWrapper = true;
                    if (ReadArray(ref reader, utf8, builder) == 0 && field == WireField.Unknown && fields.HasVerdict)
                    {
                        builder.MarkEmptyAnswer();
                    }
                }
                else
                {
                    isWrapper = true;
                    ReadObject(ref reader, utf8, builder, isTop);
                }
            }
            else if (fields.Has(WireField.Message) && fields.AreOfRecord && field is WireField.ErrorNumber or WireField.ErrorMessage)
            {
                isRepeating = true;
            }
            else if (field == WireField.Message && !fields.Has(WireField.Message))
            {
                fields.Mark(field);
                textStart = (int)reader.TokenStartIndex + 1;
                fieldsPrecedeText = fields.Has(WireField.Date) && fields.Has(WireField.RentNum);
                text = TextOf(ref reader, out isDamaged);
            }
            else
            {
                isRepeating |= !fields.Take(field, ValueOf(ref reader));
            }
        }

        if (fields.HasVerdict)
        {
            builder.AddVerdict(fields.ErrorNumber, fields.ErrorMessage, isBesideMessages: !isTop);
        }

        if (!fields.AreOfRecord)
        {
            if (!fields.HasVerdict && !isWrapper)
            {
                builder.AddUnreadable(isOfProtocol: fields.Has(WireField.RentNum) || fields.Has(WireField.TelNum));
            }
        }
        else if (isBroken || (isRepeating && fields.Has(WireField.Message) && !fieldsPrecedeText))
        {
            builder.AddUnreadable(fields.Date);
        }
        else
        {
            if (isRepeating && fields.Has(WireField.Message))
            {
                // No writer names a field twice: a text that was not escaped brought the second one. The vendor writes the
                // message last, so all from its opening quote to the end of the object is the text.
                var raw = utf8[textStart..(int)reader.TokenStartIndex];
                raw = raw[Ascii.TrimEnd(raw)];
                text = JsonText.ReadLenient(raw.EndsWith("\""u8) ? raw[..^1] : raw, out isDamaged);
            }

            builder.Add(fields, text, isRepeating, isDamaged);
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
