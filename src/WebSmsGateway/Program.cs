using System.Globalization;
using WebSmsGateway;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var app = GatewayApplication.Create(args);
if (!StartupCheck.Passes(app))
{
    return 1;
}

await app.RunAsync();
return 0;
