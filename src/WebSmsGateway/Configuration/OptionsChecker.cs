using FluentValidation;
using Microsoft.Extensions.Options;

namespace WebSmsGateway.Configuration;

/// <summary>Runs an options validator and words each fault as one line: the key, then what is accepted.</summary>
internal sealed class OptionsChecker<TOptions>(string section, IValidator<TOptions> validator) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var result = validator.Validate(options);
        return result.IsValid
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(result.Errors.Select(fault => $"{section}:{KeyOf(fault.PropertyName)}: {fault.ErrorMessage}"));
    }

    // FluentValidation writes collections as Items[0].Name; configuration keys are Items:0:Name.
    private static string KeyOf(string property) =>
        property.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');
}
