using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebSmsGateway.Authentication;
using WebSmsGateway.Model;

namespace WebSmsGateway.Commands;

/// <summary>
/// Prints a new key of a caller and the settings that admit it, or with <c>--id</c> a key for the ids of messages. The key itself is stored
/// nowhere.
/// </summary>
internal static class NewKeyCommand
{
    public const string Name = "new-key";

    private const int KeyBytes = 32;
    private const string OfIds = "--id";
    private const string Usage =
        "Usage: WebSmsGateway new-key --name shop --numbers 79021234567[,79031234567|*] [--requests-per-minute 600]\n"
        + "   or: WebSmsGateway new-key --id";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is [OfIds])
        {
            PrintKeyOfIds(output);
            return 0;
        }

        var key = new ApiKeyOptions();
        var faults = Read(args, key);
        if (faults.Count > 0)
        {
            faults.ForEach(error.WriteLine);
            error.WriteLine(Usage);
            return 1;
        }

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        key.Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        Print(key, secret, output);
        return 0;
    }

    private static List<string> Read(string[] args, ApiKeyOptions key)
    {
        var faults = new List<string>();
        for (var index = 0; index < args.Length; index += 2)
        {
            var value = index + 1 < args.Length ? args[index + 1] : "";
            switch (args[index])
            {
                case "--name":
                    key.Name = value;
                    break;
                case "--numbers":
                    key.Numbers = NumberList.Parse(value);
                    break;
                case "--requests-per-minute" when int.TryParse(value, out var limit)
                    && limit is >= 1 and <= AuthenticationOptionsValidator.MaxRequestsPerMinute:
                    key.RequestsPerMinute = limit;
                    break;
                case "--requests-per-minute":
                    faults.Add("--requests-per-minute: 1 to 1000000000, for example 600");
                    break;
                default:
                    faults.Add($"{args[index]}: no such option");
                    break;
            }
        }

        if (!AuthenticationOptionsValidator.IsName(key.Name))
        {
            faults.Add("--name: required, for example shop: letters, digits, dot, dash and underscore, at most 64");
        }

        if (key.Numbers.Count == 0 || !key.Numbers.All(NumberSet.IsEntry))
        {
            faults.Add($"--numbers: required; {RentedNumber.Accepted}; * stands for all");
        }

        return faults;
    }

    private static void PrintKeyOfIds(TextWriter output)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
        output.WriteLine(
            $$"""
            A key for the ids of messages. All replicas need the same one, and with another key all messages have other ids. As an
            environment variable:

              Messages__IdKey={{key}}

            or as a file Messages__IdKey in /run/secrets, or in appsettings.json:

            { "Messages": { "IdKey": "{{key}}" } }
            """);
    }

    private static void Print(ApiKeyOptions key, string secret, TextWriter output)
    {
        var settings = new JsonObject { ["Name"] = key.Name, ["Sha256"] = key.Sha256, ["Numbers"] = string.Join(',', key.Numbers) };
        if (key.RequestsPerMinute is { } limit)
        {
            settings["RequestsPerMinute"] = limit;
        }

        var variables = settings.Select(setting => $"  Authentication__ApiKeys__0__{setting.Key}={setting.Value}").ToList();
        var json = new JsonObject { ["Authentication"] = new JsonObject { ["ApiKeys"] = new JsonArray(settings) } };
        output.WriteLine(
            $"""
            The key of {key.Name}, for its X-Api-Key header. It is shown only now:

              {secret}

            What the gateway is given, as environment variables (0 is the next free number among its keys):

            {string.Join('\n', variables)}

            or in appsettings.json:

            {json.ToJsonString(Indented)}
            """);
    }
}
