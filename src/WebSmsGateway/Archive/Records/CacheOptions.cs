using FluentValidation;
using WebSmsGateway.Budgets;
using WebSmsGateway.Configuration;
using WebSmsGateway.Upstream;

namespace WebSmsGateway.Archive.Records;

/// <summary>How long and where the answers of WEBSMS are kept: section <c>Cache</c>.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>The ages at which a closed day is asked for again, unless others are configured.</summary>
    public static readonly IReadOnlyList<TimeSpan> DefaultRecheckAges =
    [
        TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7),
    ];

    /// <summary>How far the tail of an open day reaches back, to find messages that WEBSMS reports late.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    /// <summary>How often an open day is read whole, and how often a closed day with a problem is read again.</summary>
    public static readonly TimeSpan WholeReadInterval = TimeSpan.FromMinutes(5);

    /// <summary>
    /// StackExchange.Redis connection string, or an address such as <c>rediss://:password@host:6379/0</c>. Empty means memory only. Default:
    /// empty.
    /// </summary>
    [Secret(InParts = true)]
    public string Redis { get; set; } = "";

    /// <summary>PEM file with authorities to trust for a Redis with <c>ssl=true</c>, in addition to the system's. Default: none.</summary>
    public string? RedisCertificateAuthorityFile { get; set; }

    /// <summary>Prefix of every Redis key. Default: <c>websms:</c>; up to 64 characters, no braces.</summary>
    public string KeyPrefix { get; set; } = "websms:";

    /// <summary>Keys of 32 bytes in base64. The first encrypts values in Redis, and any of them decrypts. Default: none.</summary>
    [Secret]
    public IList<string> EncryptionKeys { get; set; } = [];

    /// <summary>How old an answer about the open day may be. Default: 5 s; 100 ms to 1 h.</summary>
    public TimeSpan Freshness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after midnight a day stays open. Default: 10 min; 0 to 12 h.</summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Ages after its end at which a closed day is asked for again, because WEBSMS reports some messages late. A day is final after the last
    /// one. Default: 10 min, 1 h, 6 h, 1, 3 and 7 days; up to 16 ages of 1 min to 60 days. A list that is given replaces the default.
    /// </summary>
    public IList<TimeSpan> RecheckAges { get; set; } = [];

    internal IEnumerable<TimeSpan> Ages => RecheckAges.Count > 0 ? RecheckAges : DefaultRecheckAges;

    /// <summary>How long a final day is kept. Default: 30 days; 1 min to 3650 days.</summary>
    public TimeSpan ClosedLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How old a last good answer may be when it is served because WEBSMS fails. Default: 1 h; 0 to 30 days.</summary>
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Bound of the memory tier, in MiB. Default: 128, and at most what <c>Limits:MemoryMegabytes</c> leaves for it; 1 to that.
    /// </summary>
    public int MemoryLimitMegabytes { get; set; } = StandardMemoryLimit;

    internal const int StandardMemoryLimit = 128;
}

/// <summary>Lowers the memory tier to what the memory of the process leaves for it.</summary>
internal sealed class MemoryTierDefault(MemoryPlan plan) : IProcessDefaults<CacheOptions>
{
    public LoweredDefault Lowered { get; } = new(
        $"{CacheOptions.Section}:{nameof(CacheOptions.MemoryLimitMegabytes)}", CacheOptions.StandardMemoryLimit, plan.TierMegabytes,
        plan.TierArithmetic);

    public void Set(CacheOptions options) => options.MemoryLimitMegabytes = Lowered.Value;
}

internal sealed class CacheOptionsValidator : AbstractValidator<CacheOptions>
{
    public CacheOptionsValidator(MemoryPlan plan)
    {
        RuleFor(options => options.Redis).Custom((text, context) =>
        {
            if (!string.IsNullOrWhiteSpace(text) && RedisAddress.Parse(text, out var fault) is null)
            {
                context.AddFailure(fault);
            }
        });
        RuleFor(options => options.RedisCertificateAuthorityFile).Must(path => CertificateTrust.ReadAuthorities(path!).Count > 0)
            .Unless(options => string.IsNullOrWhiteSpace(options.RedisCertificateAuthorityFile))
            .WithMessage("there is no readable PEM file with certificates at this path");
        RuleFor(options => options.KeyPrefix)
            .Must(prefix => prefix is { Length: <= 64 } && prefix.AsSpan().IndexOfAny('{', '}') < 0)
            .WithMessage("a prefix has up to 64 characters and no braces, for example websms:");
        RuleForEach(options => options.EncryptionKeys)
            .Must(SecretKey.IsKey)
            .WithMessage("a key is 32 bytes in base64; make one with: openssl rand -base64 32");
        RuleFor(options => options.Freshness).InclusiveBetween(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))
            .WithMessage("accepted are 00:00:00.1 to 01:00:00, for example 00:00:05");
        RuleFor(options => options.SettleTime).InclusiveBetween(TimeSpan.Zero, TimeSpan.FromHours(12))
            .WithMessage("accepted are 00:00:00 to 12:00:00, for example 00:10:00");
        RuleFor(options => options.RecheckAges).Must(ages => ages.Count <= 16).WithMessage("a list has up to 16 ages");
        RuleForEach(options => options.RecheckAges).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(60))
            .WithMessage("accepted are 00:01:00 to 60.00:00:00, for example 1.00:00:00");
        RuleFor(options => options.ClosedLifetime).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650))
            .WithMessage("accepted are 00:01:00 to 3650.00:00:00, for example 30.00:00:00");
        RuleFor(options => options.MaxStale).InclusiveBetween(TimeSpan.Zero, TimeSpan.FromDays(30))
            .WithMessage("accepted are 00:00:00 to 30.00:00:00, for example 01:00:00");
        RuleFor(options => options.MemoryLimitMegabytes).InclusiveBetween(1, plan.TierMegabytes).WithMessage(
            $"accepted are 1 to {plan.TierMegabytes} MiB, for example {Math.Min(CacheOptions.StandardMemoryLimit, plan.TierMegabytes)}: "
            + plan.TierArithmetic);
    }
}
