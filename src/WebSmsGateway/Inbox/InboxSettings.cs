using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using WebSmsGateway.Authentication;
using WebSmsGateway.Model;

namespace WebSmsGateway.Inbox;

/// <summary>
/// What the page has to know before anybody has signed in: the name of the account's zone, whether texts are covered, and whether credentials
/// are needed. It stands in the page, so that the page shows the right thing at once.
/// </summary>
internal sealed class InboxSettings(
    IOptions<InboxOptions> options, IOptions<AuthenticationOptions> authentication, AccountZone zone, FilledInKey? key = null)
{
    // The build of the page leaves this place for them.
    private const string Place = "name=\"inbox-settings\" content=\"{}\"";

    public byte[] InsertInto(byte[] page)
    {
        var settings = new JsonObject
        {
            ["zone"] = zone.Name,
            ["masked"] = options.Value.MaskTexts,
            ["anonymous"] = authentication.Value.AllowAnonymous,
        };
        if (key is not null)
        {
            settings["sandboxKey"] = key.Key;
        }

        var text = Encoding.UTF8.GetString(page);
        return text.Contains(Place, StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(text.Replace(
                Place, Place.Replace("{}", WebUtility.HtmlEncode(settings.ToJsonString()), StringComparison.Ordinal), StringComparison.Ordinal))
            : throw new InvalidOperationException("The page has no place for its settings.");
    }
}

/// <summary>A key that everybody may know. Only the sandbox has one; the page then fills it in and shows the controls of the simulator.</summary>
internal sealed record FilledInKey(string Key);
