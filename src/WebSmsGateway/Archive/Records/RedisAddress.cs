using StackExchange.Redis;

namespace WebSmsGateway.Archive.Records;

/// <summary>
/// The text of <c>Cache:Redis</c>: a connection string of StackExchange.Redis, or one address such as <c>rediss://user:password@host:6379/0</c>,
/// as other clients write it. No fault shows any part of the text, because it may be part of a password.
/// </summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;

    private const string NoConnectionString =
        "this is no StackExchange.Redis connection string; write for example localhost:6379,password=…,ssl=true";

    private const string NoAddress =
        "this is no address of Redis; write redis://user:password@host:6379/0, or rediss:// for TLS, with : / @ # ? % in a password "
        + "percent-encoded (%3A %2F %40 %23 %3F %25)";

    private const string AddressBehindPassword =
        "an address stands behind password=; write addresses first, or a password with a comma as redis://:pass%2Cword@host:6379";

    /// <summary>Reads the text. Otherwise <paramref name="fault"/> says what is wrong.</summary>
    public static ConfigurationOptions? Parse(string text, out string? fault)
    {
        var isAddress = text.Contains("://", StringComparison.Ordinal) && !text[..text.IndexOf("://", StringComparison.Ordinal)].Contains(',');
        var options = isAddress ? ParseAddress(text.Trim()) : ParseConnectionString(text);
        fault = options is not null ? HasAddressBehindPassword(text) && !isAddress ? AddressBehindPassword : null
            : isAddress ? NoAddress
            : NoConnectionString;
        return fault is null ? options : null;
    }

    private static ConfigurationOptions? ParseAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address is not { Scheme: "redis" or "rediss", DnsSafeHost.Length: > 0, Query: "", Fragment: "" }
            || !TryReadDatabase(address.AbsolutePath, out var database)
            || (address.UserInfo.Length > 0 && !address.UserInfo.Contains(':', StringComparison.Ordinal)))
        {
            return null;
        }

        var credentials = address.UserInfo.Split(':', 2);
        var options = new ConfigurationOptions
        {
            Ssl = address.Scheme == "rediss",
            DefaultDatabase = database,
            User = credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null,
            Password = credentials.Length > 1 && credentials[1].Length > 0 ? Uri.UnescapeDataString(credentials[1]) : null,
        };
        options.EndPoints.Add(address.DnsSafeHost, address.Port < 0 ? DefaultPort : address.Port);
        return options;
    }

    private static bool TryReadDatabase(string path, out int? database)
    {
        var text = path.Trim('/');
        database = int.TryParse(text, out var number) && number >= 0 ? number : null;
        return text.Length == 0 || database is not null;
    }

    private static ConfigurationOptions? ParseConnectionString(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text) is { EndPoints.Count: > 0 } options ? options : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    // The library takes what follows a comma in a password for another address.
    private static bool HasAddressBehindPassword(string text) =>
        text.Split(',')
            .SkipWhile(part => !part.TrimStart().StartsWith("password", StringComparison.OrdinalIgnoreCase))
            .Any(part => !part.Contains('=', StringComparison.Ordinal));
}
