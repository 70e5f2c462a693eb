namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>A behaviour in force: counts the calls, and so knows which faults strike the next one.</summary>
internal sealed class FaultPlan(SimulatorBehaviour behaviour)
{
    private readonly Lock _gate = new();
    private readonly int[] _struck = new int[behaviour.Faults.Count];
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public SimulatorBehaviour Behaviour { get; } = behaviour;

    /// <summary>Ends when another behaviour has taken this one's place.</summary>
    public Task Retired => _retired.Task;

    public void Retire() => _retired.SetResult();

    /// <summary>Counts a call in.</summary>
    public PlannedCall Next()
    {
        lock (_gate)
        {
            _calls++;
            List<SimulatorFault> striking = [];
            for (var index = 0; index < _struck.Length; index++)
            {
                var fault = Behaviour.Faults[index];
                var turn = _calls - fault.After;
                if (turn > 0 && turn % fault.Every == 0 && (fault.Times is null || _struck[index] < fault.Times))
                {
                    _struck[index]++;
                    striking.Add(fault);
                }
            }

            return new PlannedCall(_calls, Behaviour, striking);
        }
    }
}

/// <summary>How one call is to be answered.</summary>
/// <param name="Number">Its place among the calls under this behaviour, from 1.</param>
/// <param name="Behaviour">The behaviour.</param>
/// <param name="Faults">The faults that strike it.</param>
internal sealed record PlannedCall(int Number, SimulatorBehaviour Behaviour, IReadOnlyList<SimulatorFault> Faults)
{
    public SimulatorFault? Find(FaultKind kind) => Faults.FirstOrDefault(fault => fault.Kind == kind);
}
