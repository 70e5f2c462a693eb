namespace WebSmsGateway.Simulator.Behaviour;

/// <summary>The behaviour in force. It counts the calls to decide which faults apply to the next one.</summary>
internal sealed class FaultPlan(SimulatorBehaviour behaviour)
{
    private readonly Lock gate = new();
    private readonly int[] struck = new int[behaviour.Faults.Count];
    private readonly TaskCompletionSource retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int calls;

    public SimulatorBehaviour Behaviour { get; } = behaviour;

    /// <summary>Is cancelled when another behaviour replaces this one.</summary>
    public Task Retired => retired.Task;

    public void Retire() => retired.SetResult();

    /// <summary>Counts a call about so many days.</summary>
    public PlannedCall Next(int days = 1)
    {
        lock (gate)
        {
            calls++;
            List<SimulatorFault> striking = [];
            for (var index = 0; index < struck.Length; index++)
            {
                var fault = Behaviour.Faults[index];
                var turn = calls - fault.After;
                if (turn > 0 && turn % fault.Every == 0 && !(days <= fault.LongerThanDays) && (fault.Times is null || struck[index] < fault.Times))
                {
                    struck[index]++;
                    striking.Add(fault);
                }
            }

            return new PlannedCall(calls, Behaviour, striking);
        }
    }
}

/// <summary>How one call is to be answered.</summary>
/// <param name="Number">Its place among the calls under this behaviour, from 1.</param>
/// <param name="Behaviour">The behaviour.</param>
/// <param name="Faults">The faults that apply to it.</param>
internal sealed record PlannedCall(int Number, SimulatorBehaviour Behaviour, IReadOnlyList<SimulatorFault> Faults)
{
    public SimulatorFault? Find(FaultKind kind) => Faults.FirstOrDefault(fault => fault.Kind == kind);
}
