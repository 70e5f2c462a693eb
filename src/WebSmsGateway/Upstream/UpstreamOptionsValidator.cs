using FluentValidation;

namespace WebSmsGateway.Upstream;

/// <summary>Checks the section <c>Upstream</c>. Each message has an accepted example.</summary>
internal sealed class UpstreamOptionsValidator : AbstractValidator<UpstreamOptions>
{
    public UpstreamOptionsValidator(AnswerMemory memory)
    {
        var longest = Math.Max(1, memory.LongestMegabytes);
        RuleFor(options => options.BaseAddress).Must(IsAddress)
            .WithMessage("give an absolute http or https address without login, query or fragment, e.g. https://cab.websms.ru/");
        RuleFor(options => options.Username).NotEmpty()
            .WithMessage("give the WEBSMS login, e.g. Upstream__Username=demo in the environment");
        RuleFor(options => options.Password).NotEmpty()
            .WithMessage(
                "give the WEBSMS password, e.g. Upstream__Password=... in the environment, or a file /run/secrets/Upstream__Password");
        RuleFor(options => options).Must(options => !string.IsNullOrEmpty(options.Username) && !string.IsNullOrEmpty(options.Password))
            .WithSeverity(Severity.Info)
            .WithMessage("No WEBSMS account at hand? Try the sandbox: dotnet run --project src/WebSmsGateway.Sandbox");
        RuleFor(options => options.TimeZone)
            .Must(zone => !string.IsNullOrWhiteSpace(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            .WithMessage("is no known time zone; give an IANA name, e.g. Europe/Moscow");
        RuleFor(options => options.Timeout).Must(timeout => timeout >= TimeSpan.FromMilliseconds(100) && timeout <= TimeSpan.FromMinutes(5))
            .WithMessage("give a time from 00:00:00.100 to 00:05:00, e.g. 00:00:10");
        RuleFor(options => options.Retries).InclusiveBetween(0, 10)
            .WithMessage("give a number from 0 to 10, e.g. 2");
        RuleFor(options => options.MaxConcurrency).InclusiveBetween(1, 64)
            .WithMessage("give a number from 1 to 64, e.g. 4");
        RuleFor(options => options.MaxAnswerMegabytes).InclusiveBetween(1, 1024)
            .WithMessage("give a number of megabytes from 1 to 1024, e.g. 64");
        RuleFor(options => options.MaxAnswerMegabytes).Must(megabytes => megabytes <= longest || megabytes > 1024)
            .WithMessage(
                $"is more than the memory holds: {memory.Arithmetic}, three quarters of it for one answer that takes "
                + $"{AnswerMemory.Cost} times its length = {longest} MiB; give at most {longest}, or more memory");
        RuleFor(options => options.CertificateAuthorityFile)
            .Must(path => string.IsNullOrWhiteSpace(path) || CertificateTrust.ReadAuthorities(path).Count > 0)
            .WithMessage("no certificates could be read there; give a PEM file, e.g. /etc/ssl/certs/company-ca.pem");
        RuleFor(options => options.CertificateFingerprint)
            .Must(text => string.IsNullOrWhiteSpace(text) || CertificateTrust.ReadFingerprint(text) is not null)
            .WithMessage("give the certificate's SHA-256 as 64 hexadecimal digits, as openssl x509 -noout -fingerprint -sha256 prints it");
        RuleForEach(options => options.ErrorStatus).OverrideIndexer((_, _, pair, _) => $"[{pair.Key}]")
            .Must(pair => pair.Key is >= 1 and <= 4 && pair.Value is >= 200 and <= 599 and not (204 or 205 or 304))
            .WithMessage("map an error_num from 1 to 4 to a status from 200 to 599 that has a body, e.g. Upstream:ErrorStatus:4=404");
    }

    private static bool IsAddress(Uri? address) =>
        address is { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
