using System.Reflection;

namespace WebSmsGateway.Telemetry;

/// <summary>The version of the gateway. <c>Directory.Build.props</c> is the only place that sets it.</summary>
internal static class ProductVersion
{
    public static readonly string Text =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
