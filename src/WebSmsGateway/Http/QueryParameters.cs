using System.Text.Json;
using FluentValidation;
using WebSmsGateway.Authentication;
using WebSmsGateway.Configuration;
using WebSmsGateway.Errors;
using WebSmsGateway.Model;

namespace WebSmsGateway.Http;

/// <summary>The query parameters of an endpoint.</summary>
internal interface IQueryParameters
{
    /// <summary>The accepted names. Any other name is refused.</summary>
    static abstract IReadOnlyList<string> Names { get; }
}

/// <summary>The numbers that a query concerns.</summary>
/// <param name="Number">The rented number in the path; null for a path without one.</param>
/// <param name="Numbers">The numbers that the caller may read.</param>
/// <param name="Fields">The fields of messages that the caller may read.</param>
/// <param name="Owner">Who asks, for fair turns.</param>
internal sealed record QueryCaller(RentedNumber? Number, NumberSet Numbers, MessageFields Fields, string Owner = "");

/// <summary>Checks a query before its endpoint runs. One answer names all faults, and a faulty query causes no call to WEBSMS.</summary>
internal static class QueryParameters
{
    // A faulty name can be two bytes long and costs a line of the answer. These bounds keep the answer small.
    private const int MaxFaults = 20;
    private const int MaxNameLength = 64;
    private const string CallerKey = "caller";

    public static QueryCaller CallerOfQuery<TQuery>(this ValidationContext<TQuery> context) =>
        (QueryCaller)context.RootContextData[CallerKey];

    public static ValidationContext<TQuery> CheckFor<TQuery>(this TQuery query, QueryCaller caller) =>
        new(query) { RootContextData = { [CallerKey] = caller } };

    /// <summary>Runs the validator of the query and refuses unknown and repeated parameters.</summary>
    public static RouteHandlerBuilder WithQuery<TQuery>(this RouteHandlerBuilder endpoint)
        where TQuery : class, IQueryParameters =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var errors = FaultsOf(context.HttpContext.Request, TQuery.Names);
            var query = context.Arguments.OfType<TQuery>().Single();

            // The validator gets the caller from here. IHttpContextAccessor would cost every request an allocation.
            var checking = query.CheckFor(new QueryCaller(
                context.HttpContext.GetNumber(), context.HttpContext.GetNumbers(), context.HttpContext.GetFields(),
                context.HttpContext.GetCaller().Owner));
            var result = context.HttpContext.RequestServices.GetRequiredService<IValidator<TQuery>>().Validate(checking);
            foreach (var group in result.Errors.GroupBy(fault => NameOf(fault.PropertyName)))
            {
                // A repeated or damaged parameter reads as one odd value. The message about that says more and stays.
                (errors ??= []).TryAdd(group.Key, [.. group.Select(fault => fault.ErrorMessage)]);
            }

            return errors is null ? await next(context) : ProblemResult.InvalidRequest(errors);
        });

    /// <summary>Refuses every query parameter.</summary>
    public static RouteHandlerBuilder WithoutQuery(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter((context, next) =>
            FaultsOf(context.HttpContext.Request, []) is { } errors
                ? ValueTask.FromResult<object?>(ProblemResult.InvalidRequest(errors))
                : next(context));

    private static Dictionary<string, string[]>? FaultsOf(HttpRequest request, IReadOnlyList<string> names)
    {
        Dictionary<string, string[]>? errors = null;
        foreach (var (name, values) in request.Query)
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
                (errors ??= [])[Known(name, names)!] = [$"is given {values.Count} times; give it once"];
            }
        }

        foreach (var (name, fault) in QueryEncoding.FaultsOf(request.QueryString))
        {
            // The number of known names is the bound. An unknown name has its fault already.
            if (Known(name, names) is { } known)
            {
                (errors ??= []).TryAdd(known, [fault]);
            }
        }

        return errors;
    }

    private static string? Known(string name, IReadOnlyList<string> names) =>
        names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

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

    // A header keeps its name. The parameter of a property has its name in camel case.
    private static string NameOf(string property) =>
        property.Contains('-', StringComparison.Ordinal) ? property : JsonNamingPolicy.CamelCase.ConvertName(property);

    private static string Shorten(string name) => name.Length <= MaxNameLength
        ? name
        : name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)];
}
