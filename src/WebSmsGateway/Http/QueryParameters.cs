using System.Text.Json;
using FluentValidation;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>The query parameters of an endpoint.</summary>
internal interface IQueryParameters
{
    /// <summary>The names that are accepted; any other is refused.</summary>
    static abstract IReadOnlyList<string> Names { get; }
}

/// <summary>Checks a query before its endpoint runs: all faults of one request in one answer, and no call to WEBSMS.</summary>
internal static class QueryParameters
{
    // Names cost a caller two bytes each, and the answer a line: enough to see what is wrong is enough.
    private const int MaxFaults = 20;
    private const int MaxNameLength = 64;

    private const string NumberInPath = "number";

    /// <summary>The rented number in the path of the request whose query is being checked; null where the path has none.</summary>
    public static RentedNumber? RentedNumber<TQuery>(this ValidationContext<TQuery> context) =>
        context.RootContextData.TryGetValue(NumberInPath, out var text) && Model.RentedNumber.TryParse(text as string, out var number) ? number : null;

    /// <summary>Runs the validator of the query and refuses unknown and repeated parameters.</summary>
    public static RouteHandlerBuilder WithQuery<TQuery>(this RouteHandlerBuilder endpoint)
        where TQuery : class, IQueryParameters =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var errors = FaultsOfNames(context.HttpContext.Request.Query, TQuery.Names);
            var query = context.Arguments.OfType<TQuery>().Single();

            // Handed over, and not looked up through IHttpContextAccessor: that one has every request pay for a context of its own.
            var checking = new ValidationContext<TQuery>(query);
            checking.RootContextData[NumberInPath] = context.HttpContext.Request.RouteValues[NumberInPath];
            var result = context.HttpContext.RequestServices.GetRequiredService<IValidator<TQuery>>().Validate(checking);
            foreach (var group in result.Errors.GroupBy(fault => NameOf(fault.PropertyName)))
            {
                // A parameter that is given twice reads as one odd value: its own message says more.
                (errors ??= []).TryAdd(group.Key, [.. group.Select(fault => fault.ErrorMessage)]);
            }

            return errors is null ? await next(context) : ProblemResult.InvalidRequest(errors);
        });

    /// <summary>Refuses every query parameter.</summary>
    public static RouteHandlerBuilder WithoutQuery(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter((context, next) =>
            FaultsOfNames(context.HttpContext.Request.Query, []) is { } errors
                ? ValueTask.FromResult<object?>(ProblemResult.InvalidRequest(errors))
                : next(context));

    private static Dictionary<string, string[]>? FaultsOfNames(IQueryCollection query, IReadOnlyList<string> names)
    {
        Dictionary<string, string[]>? errors = null;
        foreach (var (name, values) in query)
        {
            if (errors?.Count == MaxFaults)
            {
                break;
            }

            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                (errors ??= [])[Shorten(name)] = [UnknownName(name, names)];
            }
            else if (values.Count > 1)
            {
                (errors ??= [])[names.First(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))] =
                    [$"is given {values.Count} times; give it once"];
            }
        }

        return errors;
    }

    private static string UnknownName(string name, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return "is unknown; this resource takes no parameters";
        }

        var nearest = Spelling.Nearest(name, names);
        var accepted = string.Join(", ", names);
        return nearest is null ? $"is unknown; accepted are {accepted}" : $"is unknown, did you mean {nearest}? Accepted are {accepted}";
    }

    // A header keeps its name; a property is a parameter in camel case.
    private static string NameOf(string property) =>
        property.Contains('-', StringComparison.Ordinal) ? property : JsonNamingPolicy.CamelCase.ConvertName(property);

    private static string Shorten(string name) => name.Length <= MaxNameLength
        ? name
        : name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)];
}
