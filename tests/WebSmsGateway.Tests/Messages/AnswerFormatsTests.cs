using Microsoft.AspNetCore.Http;
using WebSmsGateway.Messages;

namespace WebSmsGateway.Tests.Messages;

public sealed class AnswerFormatsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    [InlineData("application/json, text/csv")]
    [InlineData("application/json;q=0.5, text/csv;q=0.4")]
    [InlineData("text/csv;q=0, */*")]
    [InlineData("text/*;q=0.1, application/*")]
    [InlineData(";;;,,,")]
    [InlineData("text/csv;q=0.5, */*")]
    public void Of_JsonIsWhatIsPreferred_IsJson(string accept) => Assert.Equal(nameof(AnswerFormat.Json), Of(accept));

    [Theory]
    [InlineData("text/csv")]
    [InlineData("TEXT/CSV; charset=utf-8")]
    [InlineData("text/*")]
    [InlineData("text/csv, */*;q=0.1")]
    [InlineData("text/csv, application/json")]
    [InlineData("text/csv, */*")]
    [InlineData("*/*, text/csv, application/json;q=0.1, application/x-ndjson;q=0.1")]
    [InlineData("application/json;q=0.5, text/csv;q=0.9, application/x-ndjson;q=0.8")]
    public void Of_CsvIsPreferred_IsCsv(string accept) => Assert.Equal(nameof(AnswerFormat.Csv), Of(accept));

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json;q=0.5, application/x-ndjson")]
    [InlineData("*/*;q=0.5, application/x-ndjson")]
    public void Of_NdjsonIsPreferred_IsNdjson(string accept) => Assert.Equal(nameof(AnswerFormat.Ndjson), Of(accept));

    private static string Of(string accept)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;
        return AnswerFormats.Of(context.Request).ToString();
    }
}
