using WebSmsGateway.Turns;

namespace WebSmsGateway.Archive.Following;

/// <summary>Registers the readers that follow the archive.</summary>
internal static class FollowingFeature
{
    public static void AddFollowing(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CursorCodec>();
        builder.Services.AddSingleton<Stretches>();
        builder.Services.AddSingleton(_ => new SearchTurns());
        builder.Services.AddSingleton<Follower>();
        builder.Services.AddSingleton<Download>();
        builder.Services.AddSingleton<SharedReadings>();
        builder.Services.AddSingleton<Followings>();
    }
}
