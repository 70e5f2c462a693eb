using FluentValidation;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Binds the settings and checks them at start. All faults are reported together.</summary>
internal static class ConfigurationFeature
{
    /// <summary>The setting that names the directory whose files are settings, such as <c>Upstream__Password</c>.</summary>
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
            builder.Services.AddSingleton<ILastGood>(LastGoodFile.For(source));
        }

        // This source comes last, so that a mounted secret wins over a file and the environment.
        var directory = SecretsDirectoryOf(builder.Configuration);
        var secrets = Directory.Exists(directory) ? new LastGoodSecrets(directory) : null;
        if (secrets is not null)
        {
            builder.Services.AddSingleton<ILastGood>(secrets);
        }

        ((IConfigurationBuilder)builder.Configuration).Add(new SecretFilesSource(source =>
        {
            source.FileProvider = secrets;
            source.Optional = true;
            source.ReloadOnChange = true;
        }));
        if (FrameworkSettings.LevelFaults(builder.Configuration).Any())
        {
            // The first logger would throw. Without levels the gateway can be built, and reports these faults with all others.
            builder.Services.RemoveAll<IConfigureOptions<LoggerFilterOptions>>();
        }
    }

    public static string SecretsDirectoryOf(IConfiguration configuration) =>
        Path.GetFullPath(configuration[SecretsDirectory] ?? DefaultSecretsDirectory);

    /// <summary>
    /// Binds a section to its options, and has a FluentValidation validator check them at start and after each change.
    /// <see cref="IOptions{TOptions}"/> holds the options of the start, <see cref="InForce{TOptions}"/> the current ones. A failure with
    /// <c>Severity.Info</c> is a hint, a line after all faults. The options class of a section that is a list
    /// (<c>RentedNumbers:0:Number</c>) derives from <see cref="List{T}"/>.
    /// </summary>
    public static void AddCheckedOptions<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class, new()
    {
        builder.Services.AddSingleton(services => new InForce<TOptions>(
            section, services.GetRequiredService<IValidator<TOptions>>(), services.GetRequiredService<IConfiguration>(),
            services.GetService<IProcessDefaults<TOptions>>()));
        builder.Services.AddSingleton<CheckedSection>(services => services.GetRequiredService<InForce<TOptions>>());
        builder.Services.AddSingleton(services => Options.Create(services.GetRequiredService<InForce<TOptions>>().AtStart));
    }
}
