using WebSmsGateway.Configuration;

namespace WebSmsGateway.Upstream;

/// <summary>
/// The password in force. Another one, such as a file that was replaced, counts from the next call on. Another login needs a restart, and
/// until then the password that came with it is not used, because together with the login of before it would be a wrong one.
/// </summary>
internal sealed class UpstreamPassword
{
    private volatile string current;

    public UpstreamPassword(InForce<UpstreamOptions> options, CredentialGuard guard)
    {
        current = options.AtStart.Password;
        options.Follow(changed =>
        {
            if (changed.Username == options.AtStart.Username && changed.Password != current)
            {
                current = changed.Password;
                guard.Renew();
            }
        });
    }

    public string Current => current;
}
