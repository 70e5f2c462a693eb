using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>How answers end or are cut, as the client of the socket sees it.</summary>
public sealed class ConnectionTests(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    private readonly RunningSimulator simulator = fixture.Simulator;

    [Theory]
    [InlineData(Transport.ContentLength, "Content-Length: ", true)]
    [InlineData(Transport.Chunked, "Transfer-Encoding: chunked\r\n", true)]
    [InlineData(Transport.Close, "Connection: close\r\n", false)]
    public async Task Ask_Transport_ReportsTheEndAsSet(Transport transport, string header, bool keepsAlive)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Transport = transport };

        var (answer, isReset) = await simulator.RawAskAsync(account, hangUp: keepsAlive);
        var text = await simulator.TextAsync(account);

        Assert.False(isReset);
        Assert.Contains(header, answer, StringComparison.Ordinal);
        Assert.Equal(
            keepsAlive,
            answer.Contains("Content-Length", StringComparison.Ordinal) || answer.Contains("chunked", StringComparison.Ordinal));
        Assert.EndsWith("message=Тест\r\n", text, StringComparison.Ordinal);
        Assert.All(account.Requests(), request => Assert.Equal(Encoding.UTF8.GetByteCount(text), request.Bytes));
    }

    [Theory]
    [InlineData(Transport.ContentLength)]
    [InlineData(Transport.Chunked)]
    [InlineData(Transport.Close)]
    public async Task Truncate_FramedAsWhole_PassesForAShorterAnswer(Transport transport)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Transport = transport, Faults = [SimulatorFault.Truncate(20)] };

        Assert.Equal("[1]\r\nin_date=11.03.2", await simulator.TextAsync(account));
        Assert.Equal("truncate", Assert.Single(account.Requests()).Outcome);
    }

    [Theory]
    [InlineData(Transport.ContentLength, false)]
    [InlineData(Transport.Chunked, false)]
    [InlineData(Transport.Close, true)]
    public async Task Truncate_WholeAnnounced_IsSeenWhereTheTransportReportsTheEnd(Transport transport, bool passes)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Transport = transport, Faults = [SimulatorFault.Truncate(20, announceWhole: true)] };

        var (answer, isReset) = await simulator.RawAskAsync(account);
        Assert.False(isReset);
        Assert.Contains("\r\n[1]\r\nin_date=11.03.2", answer, StringComparison.Ordinal);
        if (passes)
        {
            Assert.Equal("[1]\r\nin_date=11.03.2", await simulator.TextAsync(account));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => simulator.TextAsync(account));
        }
    }

    [Theory]
    [InlineData(Transport.ContentLength, false)]
    [InlineData(Transport.Chunked, false)]
    [InlineData(Transport.Close, true)]
    public async Task Truncate_WholeAnnouncedOverTls_IsSeenWhereTheTransportReportsTheEnd(Transport transport, bool passes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=simulator", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(
                new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var simulator = await RunningSimulator.StartAsync(
            configure: builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate)),
            url: "https://127.0.0.1:0");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown);
        using var client = new HttpClient(handler) { BaseAddress = simulator.BaseAddress };
        var account = simulator.AccountOfTheDocument();
        var whole = await client.GetStringAsync(FeedbackCalls.Path(account));
        account.Behaviour = new() { Transport = transport, Faults = [SimulatorFault.Truncate(20, announceWhole: true)] };

        Assert.EndsWith("message=Тест\r\n", whole, StringComparison.Ordinal);
        if (passes)
        {
            Assert.Equal("[1]\r\nin_date=11.03.2", await client.GetStringAsync(FeedbackCalls.Path(account)));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(FeedbackCalls.Path(account)));
        }
    }

    [Theory]
    [InlineData(0.5, null, 93)]
    [InlineData(1.0, null, 186)]
    [InlineData(null, -1L, 185)]
    [InlineData(null, 0L, 0)]
    [InlineData(null, 9999L, 186)]
    public async Task Truncate_ShareOrOffset_CutsThere(double? fraction, long? offset, int expected)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [new() { Kind = FaultKind.Truncate, AtFraction = fraction, AtByte = offset }] };

        Assert.Equal(expected, (await simulator.BytesAsync(account)).Length);
    }

    [Fact]
    public async Task Reset_BeforeTheAnswer_SendsNothing()
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Faults = [SimulatorFault.Reset()] };

        Assert.Equal(("", true), await simulator.RawAskAsync(account));
        Assert.Equal(("reset", null), (account.Requests()[0].Outcome, account.Requests()[0].Status));
    }

    [Theory]
    [InlineData(Transport.ContentLength)]
    [InlineData(Transport.Chunked)]
    [InlineData(Transport.Close)]
    public async Task Reset_WithinTheBody_BreaksOffAfterThoseBytes(Transport transport)
    {
        var account = simulator.AccountOfTheDocument();
        account.Behaviour = new() { Transport = transport, Faults = [SimulatorFault.Reset(atByte: 20)] };

        var (answer, isReset) = await simulator.RawAskAsync(account);

        Assert.True(isReset);
        Assert.EndsWith("[1]\r\nin_date=11.03.2", answer.TrimEnd(), StringComparison.Ordinal);
    }
}
