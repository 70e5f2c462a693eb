using FluentValidation;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Tests.Upstream;

public sealed class UpstreamOptionsValidatorTests
{
    [Fact]
    public void Validate_DefaultsWithCredentials_AreAccepted() => Assert.Empty(Faults(_ => { }));

    [Fact]
    public void Validate_NoCredentials_NamesBothAndHintsOnce()
    {
        var faults = Validate(new UpstreamOptions());

        Assert.Equal(["Username", "Password"], faults.Where(fault => fault.Severity == Severity.Error).Select(fault => fault.PropertyName));
        Assert.Single(faults, fault => fault.Severity == Severity.Info);
    }

    [Theory]
    [InlineData("https://cab.websms.ru/", true)]
    [InlineData("http://www.websms.ru", true)]
    [InlineData("https://proxy.example/websms/", true)]
    [InlineData("cab.websms.ru", false)]
    [InlineData("/relative", false)]
    [InlineData("ftp://cab.websms.ru/", false)]
    [InlineData("https://user:password@cab.websms.ru/", false)]
    [InlineData("https://cab.websms.ru/?format=json", false)]
    [InlineData("https://cab.websms.ru/#x", false)]
    [InlineData("https://cab.websms.ru/http_feedback.asp", true)]
    [InlineData("https://cab.websms.ru/http_feedback.asp?http_username=demo&http_password=demo", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Validate_BaseAddress_IsAnAbsoluteWebAddress(string address, bool accepted) =>
        Expect(accepted, "BaseAddress", options => options.BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute));

    // The vendor's document prints the address of the page. Both spellings are one account, also for cursors and keys in Redis.
    [Theory]
    [InlineData("https://cab.websms.ru/http_feedback.asp", "https://cab.websms.ru/")]
    [InlineData("http://www.websms.ru/HTTP_Feedback.ASP", "http://www.websms.ru/")]
    [InlineData("https://proxy.example:8443/websms/http_feedback.asp", "https://proxy.example:8443/websms/")]
    [InlineData("https://proxy.example/websms/", "https://proxy.example/websms/")]
    [InlineData("https://proxy.example/my_http_feedback.asp", "https://proxy.example/my_http_feedback.asp")]
    public void BaseAddress_OfThePage_IsItsFolder(string address, string folder) =>
        Assert.Equal(folder, new UpstreamOptions { BaseAddress = new Uri(address) }.BaseAddress.ToString());

    [Fact]
    public void Validate_BaseAddressEmpty_IsRefused() => Expect(false, "BaseAddress", options => options.BaseAddress = null!);

    [Theory]
    [InlineData("00:00:00.100", true)]
    [InlineData("00:05:00", true)]
    [InlineData("00:00:00.099", false)]
    [InlineData("00:05:00.001", false)]
    [InlineData("-00:00:10", false)]
    [InlineData("10", false)]
    public void Validate_Timeout_IsWithinItsRange(string timeout, bool accepted) =>
        Expect(accepted, "Timeout", options => options.Timeout = TimeSpan.Parse(timeout, null));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Validate_Retries_IsWithinItsRange(int retries, bool accepted) =>
        Expect(accepted, "Retries", options => options.Retries = retries);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Validate_MaxConcurrency_IsWithinItsRange(int concurrency, bool accepted) =>
        Expect(accepted, "MaxConcurrency", options => options.MaxConcurrency = concurrency);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Validate_MaxAnswerMegabytes_IsWithinItsRange(int megabytes, bool accepted) =>
        Expect(accepted, "MaxAnswerMegabytes", options => options.MaxAnswerMegabytes = megabytes);

    [Theory]
    [InlineData("Europe/Moscow", true)]
    [InlineData("Asia/Vladivostok", true)]
    [InlineData("Moscow", false)]
    [InlineData("", false)]
    [InlineData("../../etc/passwd", false)]
    public void Validate_TimeZone_IsKnown(string zone, bool accepted) =>
        Expect(accepted, "TimeZone", options => options.TimeZone = zone);

    [Theory]
    [InlineData(4, 404, true)]
    [InlineData(1, 599, true)]
    [InlineData(0, 502, false)]
    [InlineData(5, 502, false)]
    [InlineData(4, 199, false)]
    [InlineData(4, 204, false)]
    [InlineData(4, 304, false)]
    [InlineData(4, 600, false)]
    public void Validate_ErrorStatus_MapsKnownNumbersToStatuses(int number, int status, bool accepted) =>
        Expect(accepted, $"ErrorStatus[{number}]", options => options.ErrorStatus[number] = status);

    [Theory]
    [InlineData("", true)]
    [InlineData("00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", true)]
    [InlineData("00112233", false)]
    [InlineData("zz112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", false)]
    public void Validate_CertificateFingerprint_IsSha256(string fingerprint, bool accepted) =>
        Expect(accepted, "CertificateFingerprint", options => options.CertificateFingerprint = fingerprint);

    [Fact]
    public void Validate_CertificateAuthorityFile_HasToHoldCertificates()
    {
        var empty = Path.GetTempFileName();
        try
        {
            Expect(false, "CertificateAuthorityFile", options => options.CertificateAuthorityFile = empty);
            Expect(false, "CertificateAuthorityFile", options => options.CertificateAuthorityFile = empty + ".missing");
            Expect(false, "CertificateAuthorityFile", options => options.CertificateAuthorityFile = Path.GetTempPath());
        }
        finally
        {
            File.Delete(empty);
        }
    }

    private static void Expect(bool accepted, string property, Action<UpstreamOptions> change) =>
        Assert.Equal(accepted ? [] : [property], Faults(change));

    private static string[] Faults(Action<UpstreamOptions> change)
    {
        var options = new UpstreamOptions { Username = "demo", Password = "demo" };
        change(options);
        return [.. Validate(options).Select(fault => fault.PropertyName)];
    }

    private static List<FluentValidation.Results.ValidationFailure> Validate(UpstreamOptions options) =>
        new UpstreamOptionsValidator(new AnswerMemory(1L << 40, "", _ => { })).Validate(options).Errors;
}
