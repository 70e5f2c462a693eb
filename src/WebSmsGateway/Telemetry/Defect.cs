using System.Text;

namespace WebSmsGateway.Telemetry;

/// <summary>What may be written down about a defect of ours.</summary>
internal static class Defect
{
    /// <summary>Types and places only: messages of exceptions can quote addresses, numbers and texts.</summary>
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
