namespace WebSmsGateway.Errors;

/// <summary>Every failure leaves as <c>application/problem+json</c>.</summary>
internal static class ErrorsFeature
{
    public static void AddErrors(this WebApplicationBuilder builder) => builder.Services.AddProblemDetails();

    public static void UseErrors(this WebApplication app) => app.UseStatusCodePages();
}
