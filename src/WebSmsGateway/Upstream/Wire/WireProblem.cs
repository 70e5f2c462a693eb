using WebSmsGateway.Model;

namespace WebSmsGateway.Upstream.Wire;

/// <summary>A record that could not be read, or not with certainty.</summary>
/// <param name="Position">Place of the record in the answer, from 1.</param>
/// <param name="Date">Its date, where that much could be read.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="RentNum">Its rented number, where that much could be read.</param>
internal readonly record struct WireProblem(int Position, DateTime? Date, ProblemReason Reason, string? RentNum = null);
