using WebSmsGateway.Model;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive;

/// <summary>For whom days are read.</summary>
/// <param name="Callers">The callers who wait for them. Their turns decide when WEBSMS is asked.</param>
internal sealed record DayReader(IReadOnlyList<string> Callers)
{
    /// <summary>The gateway itself.</summary>
    public static readonly DayReader Gateway = new([Askers.Gateway]);

    public static DayReader Of(MessageQuery query) => new([query.Owner]);
}
