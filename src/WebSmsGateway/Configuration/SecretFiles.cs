using Microsoft.Extensions.Configuration.KeyPerFile;

namespace WebSmsGateway.Configuration;

/// <summary>
/// A directory whose files are settings. Editors and other systems end files with LF, CR LF or several of them, and no setting ends with
/// one. The framework cuts a single line end.
/// </summary>
internal sealed class SecretFilesSource(Action<KeyPerFileConfigurationSource> configure) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        var source = new KeyPerFileConfigurationSource();
        configure(source);
        return new SecretFiles(source);
    }

    private sealed class SecretFiles(KeyPerFileConfigurationSource source) : KeyPerFileConfigurationProvider(source)
    {
        public override bool TryGet(string key, out string? value)
        {
            var isFound = base.TryGet(key, out value);
            value = value?.TrimEnd('\r', '\n');
            return isFound;
        }
    }
}
