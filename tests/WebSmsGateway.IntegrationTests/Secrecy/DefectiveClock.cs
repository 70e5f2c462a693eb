using System.Diagnostics;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.IntegrationTests.Secrecy;

/// <summary>
/// The system's clock with a defect. When armed, it throws once, at the nth call from code of the gateway. The heartbeat of the server also
/// reads this clock, but a defect there would not be one of the gateway.
/// </summary>
internal sealed class DefectiveClock(string message) : TimeProvider
{
    private int countdown;

    /// <summary>Whether the clock has thrown since it was armed.</summary>
    public bool HasStruck => Volatile.Read(ref countdown) <= 0;

    public void Arm(int calls) => Volatile.Write(ref countdown, calls);

    public void Disarm() => Volatile.Write(ref countdown, 0);

    public override DateTimeOffset GetUtcNow() =>
        Volatile.Read(ref countdown) > 0 && IsAskedByTheGateway() && Interlocked.Decrement(ref countdown) == 0
            ? throw new InvalidOperationException(message, new FormatException(message))
            : System.GetUtcNow();

    private static bool IsAskedByTheGateway() => new StackTrace().GetFrames()
        .Any(frame => frame.GetMethod()?.DeclaringType?.Assembly == typeof(UpstreamClient).Assembly);
}
