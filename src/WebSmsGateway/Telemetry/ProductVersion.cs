using System.Reflection;

namespace WebSmsGateway.Telemetry;

/// <summary>The version of the gateway, from <c>Directory.Build.props</c> and nowhere else.</summary>
internal static class ProductVersion
{
    public static readonly string Text =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
