using WebSmsGateway.Model;

namespace WebSmsGateway.Messages;

/// <summary>What <c>sender</c> and <c>contains</c> accept, on pages and streams alike.</summary>
internal static class MessageFilter
{
    public const string AcceptedSender = Sender.Accepted;
    public const string AcceptedText = "write the text to find, 1 to 1000 characters, for example код";

    public static bool IsSender(string? sender) => sender is null || Sender.TryParse(sender, out _);

    public static bool IsText(string? text) => text is null || text.Length is >= 1 and <= 1000;
}
