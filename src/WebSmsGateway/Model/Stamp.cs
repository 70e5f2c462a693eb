using System.ComponentModel;

namespace WebSmsGateway.Model;

/// <summary>
/// When we learned something, as the order of discovery. Within the life of a scope's head each stamp is later than all before it, whatever
/// the clock does.
/// </summary>
/// <param name="Moment">Microseconds of Unix time, or one more than the stamp before where the clock did not move on.</param>
/// <param name="Ordinal">The place among what one answer brought, from 0.</param>
[ImmutableObject(true)]
internal readonly record struct Stamp(long Moment, int Ordinal) : IComparable<Stamp>
{
    /// <summary>Before every stamp.</summary>
    public static readonly Stamp None = new(0, 0);

    /// <summary>Behind everything that was learned at a moment.</summary>
    public static Stamp EndOf(long moment) => new(moment, int.MaxValue);

    /// <summary>The moment of a stamp that is given at an instant.</summary>
    public static long MomentOf(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The instant of a stamp's moment.</summary>
    public static DateTimeOffset InstantOf(long moment) => new(DateTime.UnixEpoch.Ticks + (moment * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public int CompareTo(Stamp other) => Moment == other.Moment ? Ordinal.CompareTo(other.Ordinal) : Moment.CompareTo(other.Moment);

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;
    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;
    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;
}
