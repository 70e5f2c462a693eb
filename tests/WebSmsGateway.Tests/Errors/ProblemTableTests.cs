using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Errors;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Errors;

public sealed class ProblemTableTests
{
    public static TheoryData<string, int, string> Contract => new()
    {
        { nameof(ProblemCode.UpstreamCredentialsMissing), 502, "upstream-credentials-missing" },
        { nameof(ProblemCode.UpstreamCredentialsRejected), 502, "upstream-credentials-rejected" },
        { nameof(ProblemCode.UpstreamInvalidDate), 400, "upstream-invalid-date" },
        { nameof(ProblemCode.UpstreamError), 502, "upstream-error" },
        { nameof(ProblemCode.UpstreamInvalidResponse), 502, "upstream-invalid-response" },
        { nameof(ProblemCode.UpstreamUnreachable), 502, "upstream-unreachable" },
        { nameof(ProblemCode.UpstreamTimeout), 504, "upstream-timeout" },
        { nameof(ProblemCode.UpstreamUnavailable), 503, "upstream-unavailable" },
        { nameof(ProblemCode.InvalidRequest), 400, "invalid-request" },
        { nameof(ProblemCode.Unauthenticated), 401, "unauthenticated" },
        { nameof(ProblemCode.Forbidden), 403, "forbidden" },
        { nameof(ProblemCode.NotFound), 404, "not-found" },
        { nameof(ProblemCode.MethodNotAllowed), 405, "method-not-allowed" },
        { nameof(ProblemCode.RateLimited), 429, "rate-limited" },
        { nameof(ProblemCode.Overloaded), 503, "overloaded" },
        { nameof(ProblemCode.InternalError), 500, "internal-error" },
    };

    [Theory]
    [MemberData(nameof(Contract))]
    public void Of_EachCodeOfTheContract_HasItsNameAndStatus(string code, int status, string name)
    {
        var kind = ProblemTable.Of(Enum.Parse<ProblemCode>(code));

        Assert.Equal((name, status, "/problems/" + name), (kind.Code, kind.Status, kind.Type));
    }

    [Fact]
    public void Of_EveryCode_HasWordsForItsPage()
    {
        foreach (var code in Enum.GetValues<ProblemCode>())
        {
            var kind = ProblemTable.Of(code);
            Assert.All([kind.Code, kind.Title, kind.Cause, kind.WhoActs, kind.WhatToDo], Assert.NotEmpty);
            Assert.Equal(code, kind.Problem);
        }
    }

    [Fact]
    public void Of_EveryUpstreamError_HasARowWithAFailureStatus()
    {
        foreach (var error in Enum.GetValues<UpstreamError>())
        {
            var kind = ProblemTable.Of(error);
            Assert.InRange(kind.Status, error == UpstreamError.NoRecords ? 200 : 400, 599);
            Assert.Contains(error == UpstreamError.ShareUsedUp ? "rate-limited" : "upstream-", kind.Code, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(UpstreamError.InvalidResponse))]
    [InlineData(nameof(UpstreamError.Truncated))]
    [InlineData(nameof(UpstreamError.TooLong))]
    public void Of_AnAnswerThatCannotBeRead_IsOneProblem(string error) =>
        Assert.Equal("upstream-invalid-response", ProblemTable.Of(Enum.Parse<UpstreamError>(error)).Code);

    [Fact]
    public void Rows_OfTheTable_StandByStatus() =>
        Assert.Equal(ProblemTable.Rows.Select(row => row.Status).Order(), ProblemTable.Rows.Select(row => row.Status));

    [Theory]
    [InlineData(1, nameof(ProblemCode.UpstreamCredentialsMissing))]
    [InlineData(2, nameof(ProblemCode.UpstreamCredentialsRejected))]
    [InlineData(3, nameof(ProblemCode.UpstreamInvalidDate))]
    [InlineData(4, nameof(ProblemCode.UpstreamNoRecords))]
    public void StatusUnder_StatusChosenForANumber_IsThatOfItsRowAlone(int number, string code)
    {
        var chosen = new Dictionary<int, int> { [number] = 418 };

        var row = Assert.Single(ProblemTable.Rows, row => row.StatusUnder(chosen) == 418);
        Assert.Equal(Enum.Parse<ProblemCode>(code), row.Problem);
        Assert.All(ProblemTable.Rows, row => Assert.Equal(row.Status, row.StatusUnder(null)));
    }

    [Theory]
    [InlineData(400, "invalid-request")]
    [InlineData(402, "invalid-request")]
    [InlineData(404, "not-found")]
    [InlineData(413, "request-too-large")]
    [InlineData(414, "request-too-large")]
    [InlineData(431, "request-too-large")]
    [InlineData(429, "rate-limited")]
    [InlineData(502, "internal-error")]
    [InlineData(503, "internal-error")]
    public void OfStatus_BareStatus_IsTheProblemThatItStandsFor(int status, string code) =>
        Assert.Equal(code, ProblemTable.OfStatus(status).Code);

    [Fact]
    public void OfNoRecords_StatusNotChosen_IsNoProblem() => Assert.Null(ProblemResult.OfNoRecords(new UpstreamOptions()));

    [Fact]
    public async Task OfNoRecords_StatusChosen_IsThatOfHeaderAndBodyAlike()
    {
        // These services do not have the configured status, because the result read it when it was created.
        await using var services = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };

        await ProblemResult.OfNoRecords(new UpstreamOptions { ErrorStatus = { [4] = 404 } })!.ExecuteAsync(context);

        context.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(context.Response.Body);
        Assert.Equal((404, 404), (context.Response.StatusCode, body.RootElement.GetProperty("status").GetInt32()));
    }
}
