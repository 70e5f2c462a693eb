using FluentValidation;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Settings: bound once, checked at start, all faults together.</summary>
internal static class ConfigurationFeature
{
    /// <summary>Names the directory whose files are settings, such as <c>Upstream__Password</c>.</summary>
    public const string SecretsDirectory = "SecretsDirectory";

    private const string DefaultSecretsDirectory = "/run/secrets";

    public static void AddGatewayConfiguration(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatorsFromAssembly(
            typeof(ConfigurationFeature).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
        builder.Services.AddSingleton<CheckedConfiguration>();
        builder.Services.AddSingleton<IStartupValidator>(services => services.GetRequiredService<CheckedConfiguration>());
        foreach (var source in ((IConfigurationBuilder)builder.Configuration).Sources.OfType<JsonConfigurationSource>())
        {
            builder.Services.AddSingleton(LastGoodFile.For(source));
        }

        // Last, so a mounted secret wins over what a file or the environment still says.
        builder.Configuration.AddKeyPerFile(source =>
        {
            var directory = SecretsDirectoryOf(builder.Configuration);

            // Orchestrators mount secrets as links through a hidden one, and renew them by changing that one alone.
            source.FileProvider = Directory.Exists(directory) ? new PhysicalFileProvider(directory, ExclusionFilters.None) : null;
            source.IgnoreCondition = name => name.StartsWith('.');
            source.Optional = true;
            source.ReloadOnChange = true;
        });
    }

    /// <summary>Where the secrets lie.</summary>
    public static string SecretsDirectoryOf(IConfiguration configuration) =>
        Path.GetFullPath(configuration[SecretsDirectory] ?? DefaultSecretsDirectory);

    /// <summary>
    /// Binds a section to its options and has them checked by a FluentValidation validator, at start and after each change.
    /// <see cref="IOptions{TOptions}"/> has them as they were at start, <see cref="InForce{TOptions}"/> as they are. The property names in
    /// messages are configuration keys such as <c>Upstream:Timeout</c>. A fault with <c>Severity.Info</c> is a hint: a line of its
    /// own after all faults. A section that is a list itself (<c>RentedNumbers:0:Number</c>) has an options class that derives
    /// from <see cref="List{T}"/>, checked with <c>RuleForEach(list => list).ChildRules(…)</c>.
    /// </summary>
    public static void AddCheckedOptions<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class, new()
    {
        builder.Services.AddSingleton(services => new InForce<TOptions>(
            section, services.GetRequiredService<IValidator<TOptions>>(), services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<CheckedSection>(services => services.GetRequiredService<InForce<TOptions>>());
        builder.Services.AddSingleton(services => Options.Create(services.GetRequiredService<InForce<TOptions>>().AtStart));
    }
}
