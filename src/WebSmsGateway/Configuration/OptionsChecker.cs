using FluentValidation;
using FluentValidation.Results;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>
/// Checks a section and the options made of it, and words each fault as one line: the key, then what is accepted.
/// Runs at the start and whenever the configuration is read anew.
/// </summary>
internal sealed class OptionsChecker<TOptions>(string section, IValidator<TOptions> validator, IConfiguration configuration)
    : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var written = SectionReading.Of(configuration.GetSection(section), typeof(TOptions)).Faults;

        // What could not be read has been replaced by its default, which may not please the validator either.
        var meant = validator.Validate(options).Errors
            .Select(FaultOf)
            .Where(fault => !written.Any(other => string.Equals(other.Key, fault.Key, StringComparison.OrdinalIgnoreCase)));
        var faults = written.Concat(meant).Select(fault => fault.ToString()).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private ConfigurationFault FaultOf(ValidationFailure failure) => failure.Severity == Severity.Info
        ? new(null, failure.ErrorMessage)
        : new($"{section}:{KeyOf(failure.PropertyName)}".TrimEnd(':'), failure.ErrorMessage);

    // FluentValidation writes collections as Items[0].Name, and a list at the root with the name of a lambda's parameter before it;
    // configuration keys are Items:0:Name.
    private static string KeyOf(string property)
    {
        var rooted = SettingKind.Of(typeof(TOptions)).Element is null ? property : property[Math.Max(0, property.IndexOf('['))..];
        return rooted.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':').TrimStart(':');
    }
}
