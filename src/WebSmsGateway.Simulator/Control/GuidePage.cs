namespace WebSmsGateway.Simulator.Control;

/// <summary><c>GET /</c>: how to use the simulator without the gateway.</summary>
internal static class GuidePage
{
    public static void MapGuide(this WebApplication app) =>
        app.MapGet("/", (HttpRequest request) => Results.Text(Text($"{request.Scheme}://{request.Host}")));

    private static string Text(string address) => $$$"""
        This is a simulator of WEBSMS http_feedback.asp. Login demo, password demo.

        Let a rented number receive an SMS (an array adds many; receivedAt, reportedAt, account
        are optional; before reportedAt no answer lists it):
          curl -X POST {{{address}}}/simulator/messages -d '{"rentedNumber":"79021234567","sender":"79161234567","text":"Тест"}'

        Ask for today's, in txt, xml or json (startdate, enddate, telnum, rentnum as documented):
          curl '{{{address}}}/http_feedback.asp?http_username=demo&http_password=demo&format=json'

        Let it misbehave. The whole behaviour is replaced; {} is the documented one:
          curl -X PUT {{{address}}}/simulator/behaviour -d '{"charset":{"name":"windows-1251"},"format":{"dateField":"sms_date","httpOut":false}}'
          curl -X PUT {{{address}}}/simulator/behaviour -d '{"transport":"chunked","faults":[{"kind":"delay","milliseconds":3000,"times":2},{"kind":"status","status":503,"every":3}]}'
          curl -X PUT {{{address}}}/simulator/behaviour -d '{}'
          curl {{{address}}}/simulator/behaviour          all settings with their present values

        format     forced dateField httpOut plus twoDigitHours spaceBeforeEquals noBreakSpaces blankLines glued lineEnd singleLine
                   names unescaped emptyText order duplicated ignoreWindow ignoreNumbers verdictOnWrapper
                   verdictSection errorKey before behind
        charset    name (utf-8, windows-1251) declared byteOrderMark xmlDeclaration mediaType
        transport  contentLength chunked close
        faults     kind: delay hang drip status redirect reset truncate html garbage empty errorNum huge forget
                   otherDay errorPage
                   each with after, every, times; and milliseconds bytesPerSecond status echoQuery retryAfter location
                   atByte atFraction announceWhole bytes megabytes errorNum days as the kind needs

        See and clear the calls it got (passwords masked), clear messages, add an account of your own:
          curl {{{address}}}/simulator/requests
          curl -X DELETE {{{address}}}/simulator/requests
          curl -X DELETE {{{address}}}/simulator/messages
          curl -X POST {{{address}}}/simulator/accounts -d '{"username":"shop","password":"secret"}'

        Without account, messages and behaviour are those of demo; lists and deletions concern all accounts. ?account=shop,
        or "account":"shop" in a body, chooses one. Each account has its own messages, behaviour and log of calls.

        """;
}
