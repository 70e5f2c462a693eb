using Refit;

namespace WebSmsGateway.Upstream;

/// <summary>The endpoint <c>http_feedback.asp</c>. Its parameters have the names of the vendor's table.</summary>
internal interface IWebSmsApi
{
    /// <summary>Asks for the messages that rented numbers received.</summary>
    /// <param name="http_username">Account login.</param>
    /// <param name="http_password">Account password.</param>
    /// <param name="startdate"><c>dd.mm.yyyy hh:mm:ss</c>; null: today 00:00.</param>
    /// <param name="enddate"><c>dd.mm.yyyy hh:mm:ss</c>; null: now.</param>
    /// <param name="telnum">Who sent the SMS, <c>7XXXYYYYYYY</c>; null: anyone.</param>
    /// <param name="rentnum">The rented number, <c>7XXXYYYYYYY</c>; null: all of the account.</param>
    /// <param name="format"><c>txt</c>, <c>xml</c> or <c>json</c>; null: <c>txt</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The response as soon as its headers have arrived. The caller reads and disposes it.</returns>
    [Get("/http_feedback.asp")]
    Task<HttpResponseMessage> GetFeedbackAsync(
        string http_username, string http_password, string? startdate, string? enddate, string? telnum, string? rentnum,
        string? format, CancellationToken cancellationToken);

    /// <summary>Asks the same with a posted form, so that the password stands in no URL.</summary>
    /// <param name="form">The same parameters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The response as soon as its headers have arrived. The caller reads and disposes it.</returns>
    [Post("/http_feedback.asp")]
    Task<HttpResponseMessage> PostFeedbackAsync([Body] FormUrlEncodedContent form, CancellationToken cancellationToken);
}
