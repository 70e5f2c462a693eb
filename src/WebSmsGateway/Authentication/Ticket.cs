using WebSmsGateway.Model;

namespace WebSmsGateway.Authentication;

/// <summary>What a ticket says.</summary>
/// <param name="Id">A short random name for logs, which admits nobody.</param>
/// <param name="Maker">Whose credentials made it.</param>
/// <param name="Numbers">The numbers that it asks for.</param>
/// <param name="Fields">The fields that it asks for.</param>
/// <param name="Expires">The moment from which it does not hold any more.</param>
internal sealed record Ticket(string Id, TicketMaker Maker, NumberSet Numbers, MessageFields Fields, DateTimeOffset Expires);

/// <summary>The maker of a ticket.</summary>
/// <param name="Root">What has to hold on: the hash of an API key, or that of the issuer's key which signed a token.</param>
/// <param name="TokenCaller">Id and name of a caller with a token; null for one with an API key, whose key says who it is.</param>
internal sealed record TicketMaker(byte[] Root, (string Id, string Name)? TokenCaller);
