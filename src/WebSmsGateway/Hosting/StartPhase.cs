namespace WebSmsGateway.Hosting;

/// <summary>Whether the process has started. The lifetime of the host cannot say it to logs, because it has a logger itself.</summary>
internal sealed class StartPhase
{
    private volatile bool isOver;

    public bool IsOver => isOver;

    public void End() => isOver = true;
}
