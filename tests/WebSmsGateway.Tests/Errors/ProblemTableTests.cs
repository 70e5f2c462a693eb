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
            Assert.Same(kind, ProblemTable.Find(kind.Code));
        }
    }

    [Fact]
    public void CodeOf_EveryUpstreamError_HasACodeOfItsOwnAndAFailureStatus()
    {
        var codes = Enum.GetValues<UpstreamError>().Select(ProblemTable.CodeOf).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.InRange(ProblemTable.StatusOf(code, null), 400, 599));
    }

    [Fact]
    public void StatusOf_StatusChosenByTheOperator_Wins()
    {
        var chosen = new Dictionary<int, int> { [1] = 500, [2] = 503, [3] = 422, [4] = 404 };

        Assert.Equal(500, ProblemTable.StatusOf(ProblemCode.UpstreamCredentialsMissing, chosen));
        Assert.Equal(503, ProblemTable.StatusOf(ProblemCode.UpstreamCredentialsRejected, chosen));
        Assert.Equal(422, ProblemTable.StatusOf(ProblemCode.UpstreamInvalidDate, chosen));
        Assert.Equal(404, ProblemTable.StatusOf(ProblemCode.UpstreamNoRecords, chosen));
        Assert.Equal(502, ProblemTable.StatusOf(ProblemCode.UpstreamError, chosen));
    }

    [Fact]
    public void OfNoRecords_StatusNotChosen_IsNoProblem()
    {
        Assert.Null(ProblemResult.OfNoRecords(new UpstreamOptions()));
        Assert.Equal(404, ProblemResult.OfNoRecords(Choosing404())!.StatusUnder(Choosing404()));

        static UpstreamOptions Choosing404() => new() { ErrorStatus = { [4] = 404 } };
    }
}
