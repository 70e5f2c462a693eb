using System.IO.Hashing;
using System.Reflection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace WebSmsGateway.OpenApi;

/// <summary>The OpenAPI document. The first request renders it, and all requests get the same bytes.</summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    public const string Name = "websms-gateway";
    public const string Path = $"/openapi/{Name}.json";

    // Every generator of clients reads 3.0, which is not true of later versions.
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_0;

    private readonly Lazy<Task<Rendered>> rendered = new(() => RenderAsync(services));

    public static OpenApiInfo Info(Assembly assembly) => new()
    {
        Title = assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product,
        Version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        Description =
            """
            Reads the SMS that rented WEBSMS numbers received.

            **Try it in the sandbox**: press *Authorize*, enter the API key `sandbox`, and execute any request as it stands: the
            examples are messages that the sandbox holds.

            **Times** carry an offset; days are days of the account's time zone, Europe/Moscow unless configured otherwise.
            **Failures** are `application/problem+json` with a `code` that programs can rely on; [/problems](../problems) explains
            each. Besides those listed with a request, a malformed one can get 405, 408, 413, 414, 415 or 431 in the same form.
            """,
        Contact = new OpenApiContact { Name = "The operator of this gateway" },
        License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
    };

    public static async Task<IResult> Get(ApiDocument document, HttpContext context)
    {
        var (body, tag) = await document.rendered.Value;
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(body, "application/json; charset=utf-8", entityTag: tag);
    }

    private static async Task<Rendered> RenderAsync(IServiceProvider services)
    {
        // The generator is a scoped service, and no request's scope lives long enough.
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Name);
        using var body = new MemoryStream();
        await document.SerializeAsJsonAsync(body, Version);
        body.WriteByte((byte)'\n');
        var bytes = body.ToArray();
        return new Rendered(bytes, new EntityTagHeaderValue($"\"{XxHash64.HashToUInt64(bytes):x16}\""));
    }

    private sealed record Rendered(byte[] Body, EntityTagHeaderValue Tag);
}
