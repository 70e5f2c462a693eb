namespace WebSmsGateway.Upstream.Wire;

/// <summary>The three answer formats of <c>http_feedback.asp</c>.</summary>
internal enum WireFormat
{
    /// <summary>An array of objects. The only format whose writer can escape every text and whose end is proven by itself.</summary>
    Json,

    /// <summary><c>&lt;message&gt;</c> elements inside <c>&lt;XML&gt;</c>.</summary>
    Xml,

    /// <summary>Blocks of <c>name=value</c> lines. It has no end mark and no escaping.</summary>
    Txt,
}
