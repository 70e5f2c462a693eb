using System.Collections.Frozen;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace WebSmsGateway.Errors;

/// <summary>
/// The pages to which the <c>type</c> of a problem points: its cause, who can act, and what to do. Their links are relative, so that they
/// hold behind any prefix of a proxy.
/// </summary>
internal static class ProblemPages
{
    private static readonly FrozenDictionary<string, byte[]> Pages =
        ProblemTable.All.ToFrozenDictionary(kind => kind.Code, PageOf, StringComparer.Ordinal);

    private static readonly byte[] Index = IndexPage();

    public static FileContentHttpResult GetIndex(HttpContext context) => Html(context, Index);

    public static Results<FileContentHttpResult, ProblemResult> Get(string code, HttpContext context) =>
        Pages.TryGetValue(code, out var page)
            ? Html(context, page)
            : ProblemResult.Of(ProblemCode.NotFound, "There is no problem of this name. /problems lists them all.");

    private static FileContentHttpResult Html(HttpContext context, byte[] page)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(page, "text/html; charset=utf-8");
    }

    private static byte[] PageOf(ProblemKind kind) => Layout(
        kind.Title,
        $"""
         <p><code>{kind.Code}</code>, usually with HTTP status {kind.Status}</p>
         <h2>What happened</h2><p>{WebUtility.HtmlEncode(kind.Cause)}</p>
         <h2>Who can act</h2><p>{WebUtility.HtmlEncode(kind.WhoActs)}</p>
         <h2>What to do</h2><p>{WebUtility.HtmlEncode(kind.WhatToDo)}</p>
         <p><a href="../problems">All problems</a></p>
         """);

    private static byte[] IndexPage()
    {
        var rows = ProblemTable.All.Select(kind =>
            $"""
             <tr><td>{kind.Status}</td><td><a href=".{kind.Type}">{kind.Code}</a></td><td>{WebUtility.HtmlEncode(kind.Title)}</td></tr>
             """);
        return Layout("Problems", $"<table><tr><th>status</th><th>code</th><th>meaning</th></tr>\n{string.Join('\n', rows)}\n</table>");
    }

    private static byte[] Layout(string title, string content) => Encoding.UTF8.GetBytes(
        $$"""
          <!DOCTYPE html>
          <html lang="en">
          <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width">
          <title>{{WebUtility.HtmlEncode(title)}} - WebSmsGateway</title>
          <style>
          :root { color-scheme: light dark }
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
          h2 { font-size: 1rem; margin-bottom: 0 } h2 + p { margin-top: 0 }
          th, td { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
          </style>
          </head>
          <body>
          <h1>{{WebUtility.HtmlEncode(title)}}</h1>
          {{content}}
          </body>
          </html>

          """);
}
