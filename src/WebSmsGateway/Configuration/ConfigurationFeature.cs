using FluentValidation;
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
        builder.Services.AddSingleton<ConfigurationFaults>();
        builder.Services.AddSingleton<SettingsInForce>();

        // Last, so a mounted secret wins over what a file or the environment still says.
        var directory = Path.GetFullPath(builder.Configuration[SecretsDirectory] ?? DefaultSecretsDirectory);
        builder.Configuration.AddKeyPerFile(directory, optional: true, reloadOnChange: true);
    }

    /// <summary>
    /// Binds a section to its options and has them checked by a FluentValidation validator. The property names in its
    /// messages are configuration keys such as <c>Upstream:Timeout</c>. A fault with <c>Severity.Info</c> is a hint: a line of its
    /// own after all faults. A section that is a list itself (<c>RentedNumbers:0:Number</c>) has an options class that derives
    /// from <see cref="List{T}"/>, checked with <c>RuleForEach(list => list).ChildRules(…)</c>.
    /// </summary>
    public static void AddCheckedOptions<TOptions, TValidator>(this WebApplicationBuilder builder, string section)
        where TOptions : class
        where TValidator : class, IValidator<TOptions>
    {
        builder.Services.AddSingleton<IValidator<TOptions>, TValidator>();
        builder.Services.AddSingleton(new CheckedSection(section, typeof(TOptions)));
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(services => new OptionsChecker<TOptions>(
            section, services.GetRequiredService<IValidator<TOptions>>(), services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(services =>
            new ConfigurationChangeTokenSource<TOptions>(services.GetRequiredService<IConfiguration>().GetSection(section)));
        builder.Services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                var settings = configuration.GetSection(section);
                SectionReading.Of(settings, typeof(TOptions)).Bind(settings, options);
            })
            .ValidateOnStart();
    }
}
