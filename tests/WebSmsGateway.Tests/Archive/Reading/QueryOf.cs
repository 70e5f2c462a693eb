using Microsoft.Extensions.Options;
using WebSmsGateway.Http;
using WebSmsGateway.Messages;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Archive.Reading;

/// <summary>Reads a request for a page as its endpoint does.</summary>
internal static class QueryOf
{
    public static MessageQuery Page(PageRequest request, RentedNumber number, AccountZone zone, TimeProvider clock)
    {
        var validator = new PageRequestValidator(new QueryRules(zone, clock, Options.Create(new LimitsOptions())));
        var result = validator.Validate(request.CheckFor(new QueryCaller(number, NumberSet.All)));
        return result.IsValid ? request.Query! : throw new ArgumentException(result.ToString());
    }
}
