namespace WebSmsGateway.Configuration;

/// <summary>
/// Sets defaults that depend on what the process has, such as its memory. A default is lowered to what fits. A configured value replaces it
/// and is refused if it does not fit.
/// </summary>
internal interface IProcessDefaults<in TOptions>
{
    /// <summary>Changes the defaults of new options, before the configuration is bound to them.</summary>
    void Set(TOptions options);
}
