using FluentValidation;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Upstream;

/// <summary>The one way to WEBSMS.</summary>
internal static class UpstreamFeature
{
    public static void AddUpstream(this WebApplicationBuilder builder)
    {
        builder.AddCheckedOptions<UpstreamOptions, UpstreamOptionsValidator>(UpstreamOptions.Section);
        builder.Services.AddSingleton<UpstreamClient>();
    }
}

internal sealed class UpstreamOptionsValidator : AbstractValidator<UpstreamOptions>;
