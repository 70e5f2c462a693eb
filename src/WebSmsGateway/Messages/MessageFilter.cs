namespace WebSmsGateway.Messages;

/// <summary>What <c>sender</c> and <c>contains</c> accept, on pages and streams alike.</summary>
internal static class MessageFilter
{
    public const string AcceptedSender = "write a number or a name of 1 to 64 characters, for example 79161234567 or Sberbank";
    public const string AcceptedText = "write the text to find, 1 to 1000 characters, for example код";

    public static bool IsSender(string? sender) => sender is null || sender.Trim().Length is >= 1 and <= 64;

    public static bool IsText(string? text) => text is null || text.Length is >= 1 and <= 1000;
}
