using WebSmsGateway.Simulator;

await SimulatorApplication.Create(args).RunAsync();
