using WebSmsGateway.Budgets;

namespace WebSmsGateway.Tests.Budgets;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            1024                 4096                 files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    [InlineData("Max processes             7000                 7000                 processes ", 16_384)]
    public void LimitIn_LinesOfTheSystem_IsTheSoftLimit(string line, long limit) =>
        Assert.Equal(limit, OpenFiles.LimitIn(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Theory]
    [InlineData(1024, 512)]
    [InlineData(65_536, 48_896)]
    [InlineData(100, 16)]
    [InlineData(long.MaxValue, 100_000)]
    public void ConnectionsUnder_Limit_StaysWellBelow(long limit, long connections) =>
        Assert.Equal(connections, OpenFiles.ConnectionsUnder(limit));
}
