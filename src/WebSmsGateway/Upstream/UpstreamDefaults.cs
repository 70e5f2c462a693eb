using WebSmsGateway.Configuration;

namespace WebSmsGateway.Upstream;

/// <summary>Lowers the length of the longest answer to what the memory for answers holds. A longer answer is asked for in parts.</summary>
internal sealed class UpstreamDefaults(AnswerMemory memory) : IProcessDefaults<UpstreamOptions>
{
    public void Set(UpstreamOptions options) =>
        options.MaxAnswerMegabytes = Math.Clamp(memory.LongestMegabytes, 1, options.MaxAnswerMegabytes);
}
