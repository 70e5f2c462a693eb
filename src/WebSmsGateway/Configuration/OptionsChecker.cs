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
        : new(SettingKey.Of(configuration.GetSection(section), typeof(TOptions), failure.PropertyName), failure.ErrorMessage);
}
