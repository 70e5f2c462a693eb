using System.Text.Json;
using System.Text.Json.Nodes;
using WebSmsGateway.Simulator.Behaviour;

namespace WebSmsGateway.Simulator.Control;

/// <summary>
/// <c>/simulator/…</c>: sets the messages and the behaviour of the simulator. Without <c>account</c>, messages and behaviour are those
/// of <c>demo</c>, and lists and deletions concern all accounts.
/// </summary>
internal static class ControlEndpoints
{
    private static readonly JsonDocumentOptions OnceEach = new() { AllowDuplicateProperties = false };

    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/simulator").AddEndpointFilter(RefuseBadInputAsync);
        control.MapPost("/accounts", AddAccountAsync);
        control.MapPost("/messages", AddMessagesAsync);
        control.MapDelete("/messages", DeleteMessages);
        control.MapGet("/behaviour", GetBehaviour);
        control.MapPut("/behaviour", SetBehaviourAsync);
        control.MapGet("/requests", ListRequests);
        control.MapDelete("/requests", DeleteRequests);
    }

    private static async Task<IResult> AddAccountAsync(HttpRequest request, SimulatorState state)
    {
        var input = (await ReadAsync(request)).Deserialize<AccountSettings>(ControlJson.Options)!;
        if (string.IsNullOrWhiteSpace(input.Username) || string.IsNullOrEmpty(input.Password))
        {
            throw new BadControlException("username and password must be given.");
        }

        state.AddAccount(input.Username, input.Password);
        return Answer(new { input.Username }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> AddMessagesAsync(HttpRequest request, SimulatorState state)
    {
        // All messages are checked before the first is added.
        var inputs = MessageInput.ReadAll(await ReadAsync(request));
        var messages = inputs.Select((input, index) =>
        {
            try
            {
                return (Account: Account(state, input.Account), Message: input.ToMessage());
            }
            catch (BadControlException exception) when (inputs.Count > 1)
            {
                throw new BadControlException($"[{index}]: {exception.Message}");
            }
        }).ToList();
        foreach (var (account, message) in messages)
        {
            account.AddMessages(message);
        }

        return Answer(new { added = messages.Count }, StatusCodes.Status201Created);
    }

    private static IResult DeleteMessages(SimulatorState state, string? account)
    {
        foreach (var one in Accounts(state, account))
        {
            one.ClearMessages();
        }

        return Results.NoContent();
    }

    private static IResult GetBehaviour(SimulatorState state, string? account) => Answer(Account(state, account).Behaviour);

    private static async Task<IResult> SetBehaviourAsync(HttpRequest request, SimulatorState state, string? account)
    {
        var input = await ReadAsync(request);
        var body = input.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(input)!
            : throw new BadControlException("A behaviour must be a JSON object.");
        if (body.Remove("account", out var named))
        {
            account = named is JsonValue value && value.TryGetValue<string>(out var name)
                ? name
                : throw new BadControlException("account must be a string.");
        }

        var behaviour = body.Deserialize<SimulatorBehaviour>(ControlJson.Options)!;
        if (BehaviourCheck.Find(behaviour) is { Count: > 0 } faults)
        {
            throw new BadControlException(string.Join(' ', faults));
        }

        Account(state, account).Behaviour = behaviour;
        return Answer(behaviour);
    }

    private static IResult ListRequests(SimulatorState state, string? account) =>
        Answer(account is null ? state.AllRequests() : Account(state, account).Requests());

    private static IResult DeleteRequests(SimulatorState state, string? account)
    {
        foreach (var one in Accounts(state, account))
        {
            one.ClearRequests();
        }

        if (account is null)
        {
            state.Unauthenticated.Clear();
        }

        return Results.NoContent();
    }

    private static SimulatedAccount Account(SimulatorState state, string? name) =>
        state.FindAccount(name ?? SimulatorState.DemoAccount)
        ?? throw new BadControlException("There is no such account; POST /simulator/accounts adds one.");

    private static IEnumerable<SimulatedAccount> Accounts(SimulatorState state, string? name) =>
        name is null ? state.Accounts : [Account(state, name)];

    private static async Task<JsonElement> ReadAsync(HttpRequest request)
    {
        using var document = await JsonDocument.ParseAsync(request.Body, OnceEach, request.HttpContext.RequestAborted);
        return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? document.RootElement.Clone()
            : throw new BadControlException("The body must be a JSON object.");
    }

    private static IResult Answer<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, ControlJson.Options, statusCode: status);

    private static async ValueTask<object?> RefuseBadInputAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (JsonException exception)
        {
            return Answer(
                new { error = $"The body is not the JSON that belongs here. {exception.Message}" }, StatusCodes.Status400BadRequest);
        }
        catch (Exception exception) when (exception is BadControlException or BadHttpRequestException)
        {
            return Answer(new { error = exception.Message }, StatusCodes.Status400BadRequest);
        }
    }
}
