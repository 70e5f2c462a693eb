using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebSmsGateway.Authentication;

namespace WebSmsGateway.Commands;

/// <summary>Prints a new secret of a webhook and the settings of its endpoint. The secret itself is stored nowhere.</summary>
internal static class NewWebhookCommand
{
    public const string Name = "new-webhook";

    // Standard Webhooks takes 24 to 64 bytes.
    private const int SecretBytes = 32;
    private const string Usage =
        "Usage: WebSmsGateway new-webhook --name orders --url https://hooks.example.org/sms --owner shop\n"
        + "   or: WebSmsGateway new-webhook --secret";

    // The plus of base64 stays a plus, so that the printed secret can be found in the printed settings.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--secret"])
        {
            PrintSecret(NewSecret(), output);
            return 0;
        }

        var settings = new Dictionary<string, string>();
        var faults = Read(args, settings);
        if (faults.Count > 0)
        {
            faults.ForEach(error.WriteLine);
            error.WriteLine(Usage);
            return 1;
        }

        Print(settings["--name"], settings["--url"], settings["--owner"], NewSecret(), output);
        return 0;
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    private static List<string> Read(string[] args, Dictionary<string, string> settings)
    {
        var faults = new List<string>();
        for (var index = 0; index < args.Length; index += 2)
        {
            if (args[index] is "--name" or "--url" or "--owner")
            {
                settings[args[index]] = index + 1 < args.Length ? args[index + 1] : "";
            }
            else
            {
                faults.Add($"{args[index]}: no such option");
            }
        }

        if (!AuthenticationOptionsValidator.IsName(settings.GetValueOrDefault("--name", "")))
        {
            faults.Add("--name: required, for example orders: letters, digits, dot, dash and underscore, at most 64");
        }

        if (!Uri.TryCreate(settings.GetValueOrDefault("--url", ""), UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            faults.Add("--url: required, for example https://hooks.example.org/sms");
        }

        if (!AuthenticationOptionsValidator.IsName(settings.GetValueOrDefault("--owner", "")))
        {
            faults.Add("--owner: required; the name of the API key that may see the endpoint, for example shop");
        }

        return faults;
    }

    private static void PrintSecret(string secret, TextWriter output) => output.WriteLine(
        $"""
        A new secret of an endpoint, which its receiver needs too. It is shown only now. To change secrets without a gap, write it behind
        the old one, give it to the receiver, then take the old one away:

          {secret}

        As an environment variable (the first number is that of the endpoint, the second the next free one among its secrets):

          Webhooks__Endpoints__0__Secrets__1={secret}
        """);

    private static void Print(string name, string url, string owner, string secret, TextWriter output)
    {
        string[] variables = [$"Name={name}", $"Url={url}", $"Owner={owner}", $"Secrets__0={secret}"];
        var endpoint = new JsonObject { ["Name"] = name, ["Url"] = url, ["Owner"] = owner, ["Secrets"] = new JsonArray(secret) };
        var json = new JsonObject { ["Webhooks"] = new JsonObject { ["Endpoints"] = new JsonArray(endpoint) } };
        output.WriteLine(
            $"""
            The secret of {name}, by which its receiver verifies signatures. It is shown only now:

              {secret}

            What the gateway is given, as environment variables (0 is the next free number among its endpoints):

            {string.Join('\n', variables.Select(variable => $"  Webhooks__Endpoints__0__{variable}"))}

            or in appsettings.json:

            {json.ToJsonString(Indented)}
            """);
    }
}
