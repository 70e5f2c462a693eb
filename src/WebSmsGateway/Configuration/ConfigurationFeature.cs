using FluentValidation;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Settings: bound once, checked at start, all faults together.</summary>
internal static class ConfigurationFeature
{
    public static void AddGatewayConfiguration(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<ConfigurationFaults>();

    /// <summary>
    /// Binds a section to its options and has them checked by a FluentValidation validator. The property names in its
    /// messages are configuration keys such as <c>Upstream:Timeout</c>.
    /// </summary>
    public static void AddCheckedOptions<TOptions, TValidator>(this WebApplicationBuilder builder, string section)
        where TOptions : class
        where TValidator : class, IValidator<TOptions>
    {
        builder.Services.AddSingleton<IValidator<TOptions>, TValidator>();
        builder.Services.AddSingleton(new CheckedSection(section, typeof(TOptions)));
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(
            services => new OptionsChecker<TOptions>(section, services.GetRequiredService<IValidator<TOptions>>()));
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }
}
