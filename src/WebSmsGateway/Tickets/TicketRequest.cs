using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Http;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tickets;

/// <summary>What a ticket is asked for. Everything may be left out.</summary>
internal sealed record TicketRequest : IRequestBody
{
    public const int MinSeconds = 1;
    public const int MaxSeconds = 12 * 60 * 60;
    public const int DefaultSeconds = 60 * 60;

    // Which of two equal names counts differs between readers of JSON, so a body with two is refused.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private static readonly string[] Names = ["numbers", "fields", "expiresIn"];

    /// <summary>
    /// The rented numbers to read, within those of the caller: up to 1,000, each <c>7XXXYYYYYYY</c>; <c>*</c> for all. Default: the caller's own.
    /// </summary>
    [MaxLength(TicketBytes.MaxNumbers)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Numbers { get; init; }

    /// <summary><c>all</c>, or <c>code</c> for everything but the text. Default: as the caller.</summary>
    [AllowedValues("all", "code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fields { get; init; }

    /// <summary>Seconds until it ends, 1 to 43,200; earlier where the caller's own token ends. Default: 3,600.</summary>
    [Range(MinSeconds, MaxSeconds)]
    [DefaultValue(DefaultSeconds)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpiresIn { get; init; }

    /// <summary>The numbers, parsed; null for the caller's own.</summary>
    internal NumberSet? NumberSet => Numbers is null ? null : Model.NumberSet.Parse(Numbers);

    /// <summary>The fields, parsed; null for the caller's own.</summary>
    internal MessageFields? MessageFields => Fields is null ? null : Enum.Parse<MessageFields>(Fields, ignoreCase: true);

    internal TimeSpan Lifetime => TimeSpan.FromSeconds(ExpiresIn ?? DefaultSeconds);

    /// <summary>Reads a body. All faults are reported together, under the names of their properties.</summary>
    public static TicketRequest Read(ReadOnlyMemory<byte> body, Dictionary<string, string[]> faults)
    {
        if (body.IsEmpty)
        {
            return new TicketRequest();
        }

        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Read(document.RootElement, faults);
            }
        }
        catch (JsonException)
        {
            // The message of the parser would show parts of the body.
        }

        faults["body"] = ["is no JSON object with each name once; write for example {\"numbers\":[\"79021234567\"],\"expiresIn\":600}, or nothing"];
        return new TicketRequest();
    }

    private static TicketRequest Read(JsonElement body, Dictionary<string, string[]> faults)
    {
        foreach (var name in body.EnumerateObject().Select(property => property.Name).Where(name => !Names.Contains(name)))
        {
            var nearest = Spelling.Nearest(name, Names);
            faults[SettingText.Shown(name)] =
                [$"is unknown{(nearest is null ? "" : $", did you mean {nearest}?")}; accepted are {string.Join(", ", Names)}"];
        }

        var numbers = Part(body, "numbers") is { } list ? NumbersOf(list, faults) : null;
        string? fields = null;
        if (Part(body, "fields") is { } written
            && (written.ValueKind != JsonValueKind.String || (fields = written.GetString()) is not ("all" or "code")))
        {
            faults["fields"] = ["accepted are all, and code for everything but the text"];
        }

        var seconds = 0;
        var lifetime = Part(body, "expiresIn");
        if (lifetime is { } given && (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out seconds) || seconds is < MinSeconds or > MaxSeconds))
        {
            faults["expiresIn"] = [$"accepted is a whole number of seconds from {MinSeconds} to {MaxSeconds}, for example {DefaultSeconds}"];
        }

        return new TicketRequest { Numbers = numbers, Fields = fields, ExpiresIn = lifetime is null ? null : seconds };
    }

    private static JsonElement? Part(JsonElement body, string name) =>
        body.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static List<string>? NumbersOf(JsonElement list, Dictionary<string, string[]> faults)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 1 or > TicketBytes.MaxNumbers)
        {
            faults["numbers"] = [$"accepted is a list of 1 to {TicketBytes.MaxNumbers} numbers, for example [\"79021234567\"]; leave it out for your own"];
            return null;
        }

        var numbers = new List<string>();
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.String || !Model.NumberSet.IsEntry(entry.GetString()!))
            {
                faults["numbers"] = [$"{RentedNumber.Accepted}; * stands for all"];
                return null;
            }

            numbers.Add(entry.GetString()!);
        }

        return numbers;
    }
}
