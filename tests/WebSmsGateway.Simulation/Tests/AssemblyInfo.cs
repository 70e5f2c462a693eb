// Each test that plays worlds takes all cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
