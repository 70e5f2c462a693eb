namespace WebSmsGateway.Simulation;

/// <summary>Keeps the errors that a replica logs. Nothing that WEBSMS, the store or a clock does may cause one.</summary>
internal sealed class DefectLog(Action<string> report)
{
    public ILogger<T> Of<T>() => new Logger<T>(report);

    private sealed class Logger<T>(Action<string> report) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                report(formatter(state, exception));
            }
        }
    }
}
