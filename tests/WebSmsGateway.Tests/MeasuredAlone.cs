namespace WebSmsGateway.Tests;

/// <summary>Tests that look at the memory of the process: nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";

    /// <summary>Bytes in use. What tests before have left is gone with its finalizers: without that it goes while something else is measured.</summary>
    public static long Memory()
    {
        for (var last = long.MaxValue; ;)
        {
            var bytes = GC.GetTotalMemory(forceFullCollection: true);
            if (bytes >= last)
            {
                return bytes;
            }

            last = bytes;
            GC.WaitForPendingFinalizers();
        }
    }
}
