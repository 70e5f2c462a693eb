using System.Net.Sockets;
using System.Text;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.IntegrationTests.Simulator;

/// <summary>Calls of <c>http_feedback.asp</c>, as a client of WEBSMS makes them.</summary>
internal static class FeedbackCalls
{
    public const string March2013 = "&startdate=01.03.2013&enddate=31.03.2013";

    public static string Path(SimulatedAccount account, string query = March2013) =>
        $"/http_feedback.asp?http_username={account.Name}&http_password={account.Password}{query}";

    public static Task<HttpResponseMessage> AskAsync(this RunningSimulator simulator, SimulatedAccount account, string query = March2013) =>
        simulator.Client.GetAsync(Path(account, query));

    public static async Task<string> TextAsync(this RunningSimulator simulator, SimulatedAccount account, string query = March2013) =>
        await simulator.Client.GetStringAsync(Path(account, query));

    public static async Task<byte[]> BytesAsync(this RunningSimulator simulator, SimulatedAccount account, string query = March2013) =>
        await simulator.Client.GetByteArrayAsync(Path(account, query));

    /// <summary>An account with the messages of the vendor's document.</summary>
    public static SimulatedAccount AccountOfTheDocument(this RunningSimulator simulator)
    {
        var account = simulator.NewAccount();
        account.AddMessages(
            new SimulatorMessage("79021234567", "79036800129", "Тест") { LocalTime = new DateTime(2013, 3, 11, 12, 9, 1) },
            new SimulatorMessage("79021234567", "79036800129", "Тест") { LocalTime = new DateTime(2013, 3, 11, 12, 13, 1) });
        return account;
    }

    /// <summary>An account with one message.</summary>
    public static SimulatedAccount AccountWith(this RunningSimulator simulator, string text, string sender = "79036800129")
    {
        var account = simulator.NewAccount();
        account.AddMessages(new SimulatorMessage("79021234567", sender, text) { LocalTime = new DateTime(2013, 3, 11, 9, 5, 1) });
        return account;
    }

    /// <summary>The raw bytes of the answer, and whether the connection was reset after it.</summary>
    public static async Task<(string Answer, bool IsReset)> RawAskAsync(
        this RunningSimulator simulator, SimulatedAccount account, bool hangUp = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(simulator.BaseAddress.Host, simulator.BaseAddress.Port);
        var stream = client.GetStream();
        var connection = hangUp ? "Connection: close\r\n" : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {Path(account)} HTTP/1.1\r\nHost: localhost\r\n{connection}\r\n"));
        var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received);
            return (Encoding.UTF8.GetString(received.ToArray()), false);
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return (Encoding.UTF8.GetString(received.ToArray()), true);
        }
    }
}
