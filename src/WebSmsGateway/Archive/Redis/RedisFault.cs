using StackExchange.Redis;

namespace WebSmsGateway.Archive.Redis;

/// <summary>Names faults of Redis for the log, without details, which may hold secrets.</summary>
internal static class RedisFault
{
    /// <summary>The code that an error of Redis begins with, such as <c>NOPERM</c> or <c>OOM</c>; else the type of the exception.</summary>
    public static string Of(Exception exception) =>
        exception is RedisServerException && exception.Message.Split(' ')[0] is { Length: > 0 } code && code.All(char.IsAsciiLetterUpper)
            ? code
            : exception.GetType().Name;
}
