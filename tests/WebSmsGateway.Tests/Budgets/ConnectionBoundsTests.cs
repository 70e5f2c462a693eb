using Microsoft.Extensions.Configuration;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Budgets;
using WebSmsGateway.RateLimiting;

namespace WebSmsGateway.Tests.Budgets;

/// <summary>Settings are checked against what the process has: a default is lowered, a configured value that cannot be is refused.</summary>
public sealed class ConnectionBoundsTests
{
    private static readonly MemoryPlan Pod = new(384 * MemoryPlan.Mebibyte, 288 * MemoryPlan.Mebibyte);
    private static readonly MemoryPlan Machine = new(24_000 * MemoryPlan.Mebibyte, 18_000 * MemoryPlan.Mebibyte);

    [Fact]
    public void All_OfManyOpenFilesAndLittleMemory_FollowsTheMemory()
    {
        var bounds = new ConnectionBounds(100_000, Pod);

        Assert.Equal((987, 493), (bounds.All, bounds.Half));
        Assert.Equal(
            "open files 100000 x 3/4 - 256 = 74744; Limits:MemoryMegabytes 288 x 3/16 for connections = 54 MiB / 56 kB = 987", bounds.Arithmetic);
    }

    [Fact]
    public void All_OfFewOpenFilesAndMuchMemory_FollowsTheOpenFiles() => Assert.Equal(512, new ConnectionBounds(1024, Machine).All);

    [Fact]
    public void LongRequests_DefaultBeyondTheConnections_IsLoweredAndSaysWhy()
    {
        var standard = new LongRequestsDefault(new ConnectionBounds(3072, Machine));
        var options = new RateLimitingOptions();

        standard.Set(options);

        Assert.Equal(1024, options.LongRequestsPerCaller);
        Assert.StartsWith(
            "RateLimiting:LongRequestsPerCaller is 1024 and not 2500: half of 2048 connections; open files 3072 x 3/4 - 256 = 2048",
            standard.Lowered.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void LongRequests_DefaultThatFits_StaysAndSaysNothing()
    {
        var standard = new LongRequestsDefault(new ConnectionBounds(65_536, Machine));

        Assert.Equal((2500, null), (standard.Lowered.Value, standard.Lowered.Line));
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2500, false)]
    public void LongRequests_ConfiguredBeyondTheConnections_AreRefusedWithTheArithmetic(int configured, bool isAccepted)
    {
        var faults = new RateLimitingOptionsValidator(new ConnectionBounds(3072, Machine))
            .Validate(new RateLimitingOptions { LongRequestsPerCaller = configured }).Errors;

        Assert.Equal(isAccepted, faults.Count == 0);
        Assert.All(faults, fault => Assert.Contains("open files 3072 x 3/4 - 256 = 2048", fault.ErrorMessage, StringComparison.Ordinal));
    }

    [Fact]
    public void MemoryTier_OfThePodOfTheManifest_IsLoweredToWhatIsLeft()
    {
        var standard = new MemoryTierDefault(Pod);
        var options = new CacheOptions();

        standard.Set(options);

        Assert.Equal(102, options.MemoryLimitMegabytes);
        Assert.Equal(
            "Cache:MemoryLimitMegabytes is 102 and not 128: Limits:MemoryMegabytes 288 x 7/16 for caches = 126 MiB, "
            + "less 24 for cached pages and shared readings",
            standard.Lowered.Line);
    }

    [Fact]
    public void MemoryTier_ConfiguredBeyondItsPart_IsRefusedWithTheArithmetic()
    {
        var fault = Assert.Single(new CacheOptionsValidator(Pod).Validate(new CacheOptions { MemoryLimitMegabytes = 128 }).Errors);

        Assert.StartsWith("accepted are 1 to 102 MiB, for example 102: Limits:MemoryMegabytes 288 x 7/16", fault.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("102", false)]
    public void AppliesTo_ConfiguredKey_LeavesTheLineOut(string? configured, bool applies)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Cache:MemoryLimitMegabytes", configured)]).Build();

        Assert.Equal(applies, new MemoryTierDefault(Pod).Lowered.AppliesTo(configuration));
    }
}
