using System.Text;

namespace WebSmsGateway.Telemetry;

/// <summary>The description of a defect of the gateway for logs.</summary>
internal static class Defect
{
    /// <summary>Describes an exception by types and stack traces only. Its message can contain addresses, numbers and texts.</summary>
    public static string Describe(Exception exception)
    {
        var description = new StringBuilder();
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            description.Append(description.Length == 0 ? "" : " caused by ").Append(current.GetType().FullName)
                .AppendLine().AppendLine(current.StackTrace);
        }

        return description.ToString();
    }
}
