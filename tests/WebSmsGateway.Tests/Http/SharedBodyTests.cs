using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WebSmsGateway.Budgets;
using WebSmsGateway.Http;

namespace WebSmsGateway.Tests.Http;

/// <summary>A body that never changes is sent to everyone from the same bytes, in slices.</summary>
public sealed class SharedBodyTests
{
    private const int Length = 200_000;

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task SendAsync_ToSeveralCallers_WritesSlicesOfTheSameBytes(string coding)
    {
        // Half of it can be compressed.
        var bytes = new byte[Length];
        new Random(1).NextBytes(bytes.AsSpan(Length / 2));
        var body = new SharedBody(bytes, "text/plain", null);
        var sender = new AnswerSender(
            new BudgetTable(MemoryPlan.Of(new LimitsOptions(), 512 * MemoryPlan.Mebibyte)), new FakeTimeProvider());

        var first = await SendAsync(body, sender, coding);
        var second = await SendAsync(body, sender, coding);

        Assert.InRange(first.Slices.Sum(slice => slice.Count), Length / 4, coding.Length == 0 ? Length : Length - 1);
        Assert.All(first.Slices, slice => Assert.InRange(slice.Count, 1, AnswerSender.SliceBytes));
        Assert.All(first.Slices.Concat(second.Slices), slice => Assert.Same(first.Slices[0].Array, slice.Array));
    }

    private static async Task<Written> SendAsync(SharedBody body, AnswerSender sender, string coding)
    {
        var written = new Written();
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Headers.AcceptEncoding = coding;
        context.Response.Body = written;
        await body.SendAsync(context, sender);
        return written;
    }

    /// <summary>What was written at once, as parts of the arrays that it came from.</summary>
    private sealed class Written : MemoryStream
    {
        public List<ArraySegment<byte>> Slices { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(MemoryMarshal.TryGetArray(buffer, out var slice));
            Slices.Add(slice);
            return ValueTask.CompletedTask;
        }
    }
}
