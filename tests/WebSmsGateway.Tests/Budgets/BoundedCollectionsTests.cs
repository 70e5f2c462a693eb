using System.Collections;
using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebSmsGateway.Configuration;

namespace WebSmsGateway.Tests.Budgets;

/// <summary>Nothing grows without a bound: every collection that outlives a request says what bounds it.</summary>
public sealed class BoundedCollectionsTests
{
    private static readonly Assembly Gateway = typeof(GatewayApplication).Assembly;

    // The nouns know nobody, so they do not know the attribute. This one drops all at CodePattern.MaxCompiled.
    private static readonly string[] BoundedNouns = ["WebSmsGateway.Model.CodePattern.InUse"];

    [Fact]
    public void Collections_HeldForLongerThanARequest_SayWhatBoundsThem()
    {
        var walk = new CollectionWalk(Gateway);
        var found = walk.WalkStatics(Gateway.GetTypes()).Concat(walk.Walk(LongLived())).Except(BoundedNouns).ToList();

        // The walk reaches the parts of which this was once not true.
        Assert.Contains("WebSmsGateway.Archive.HeldRecords", walk.Seen.Select(type => type.FullName));
        Assert.Contains("WebSmsGateway.Http.PageCache", walk.Seen.Select(type => type.FullName));
        Assert.True(found.Count == 0, $"Nothing says what bounds these collections ([Bounded]):\n{string.Join('\n', found)}");
    }

    [Theory]
    [InlineData(typeof(HoldsStatic))]
    [InlineData(typeof(HoldsProperty))]
    [InlineData(typeof(HoldsParameter))]
    [InlineData(typeof(HoldsDeep))]
    [InlineData(typeof(HoldsBehindAnInterface))]
    [InlineData(typeof(HoldsImmutable))]
    public void Walk_PlantedCollectionWithoutABound_IsFound(Type type) =>
        Assert.NotEmpty(Found(type));

    [Theory]
    [InlineData(typeof(HoldsBounded))]
    [InlineData(typeof(HoldsNothing))]
    public void Walk_CollectionWithABound_IsNotFound(Type type) =>
        Assert.Empty(Found(type));

    private static List<string> Found(Type type)
    {
        var walk = new CollectionWalk(typeof(BoundedCollectionsTests).Assembly);
        return [.. walk.WalkStatics([type]), .. walk.Walk([type])];
    }

    /// <summary>Types whose objects live as long as the process: singletons, hosted services and middleware.</summary>
    private static List<Type> LongLived()
    {
        IServiceCollection? services = null;
        using var app = GatewayApplication.Create([], builder => services = builder.Services);
        var singletons = services!.Where(service => service.Lifetime == ServiceLifetime.Singleton && !service.IsKeyedService).Select(
            service => service.ImplementationType ?? service.ImplementationInstance?.GetType() ?? service.ServiceType);
        var middleware = Gateway.GetTypes().Where(type => type.GetMethod("InvokeAsync", [typeof(HttpContext)]) is not null);
        return [.. singletons, .. middleware];
    }

    private sealed class HoldsStatic
    {
        public static readonly Dictionary<int, int> All = [];
    }

    private sealed class HoldsProperty
    {
        public List<string> Items { get; } = [];
    }

    private sealed class HoldsParameter(HashSet<int> items)
    {
        public int Count => items.Count;
    }

    private sealed class HoldsDeep
    {
        public Lazy<HoldsProperty[]>? Inner { get; set; }
    }

    private interface IHolds;

    private sealed class Holds : IHolds
    {
        public Queue<int> Items { get; } = [];
    }

    private sealed class HoldsBehindAnInterface
    {
        public IHolds? Inner { get; set; }
    }

    private sealed class HoldsImmutable
    {
        public System.Collections.Immutable.ImmutableList<int> Items { get; set; } = [];
    }

    private sealed class HoldsBounded
    {
        [Bounded("ten entries")]
        public Dictionary<int, int> Items { get; } = [];
    }

    private sealed class HoldsNothing
    {
        public string Text { get; } = "";

        public byte[] Bytes { get; } = [];
    }
}

/// <summary>Walks the fields of types, and those of the types that they hold.</summary>
internal sealed class CollectionWalk(Assembly assembly)
{
    private readonly HashSet<Type> seen = [];

    public IReadOnlyCollection<Type> Seen => seen;

    public static bool IsCompiled(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || type.Name.Contains('<', StringComparison.Ordinal);

    /// <summary>The static collections that can grow and do not say what bounds them, and those behind other statics.</summary>
    public IEnumerable<string> WalkStatics(IEnumerable<Type> types)
    {
        var fields = types.Where(type => !IsCompiled(type)).SelectMany(type => FieldsOf(type).Where(field => field.IsStatic).Select(field => (type, field))).ToList();
        return [.. fields.SelectMany(one => Faults(one.type, one.field)), .. Walk(fields.Select(one => one.field.FieldType))];
    }

    /// <summary>The collections that can grow and do not say what bounds them.</summary>
    /// <param name="longLived">Types whose objects outlive a request.</param>
    public IEnumerable<string> Walk(IEnumerable<Type> longLived)
    {
        var waiting = new Queue<Type>(longLived);
        while (waiting.TryDequeue(out var type))
        {
            foreach (var part in PartsOf(type).Where(part => part.Assembly == assembly && !IsCompiled(part) && !part.IsEnum && seen.Add(part)))
            {
                foreach (var field in FieldsOf(part).Where(field => !field.IsStatic))
                {
                    foreach (var fault in Faults(part, field))
                    {
                        yield return fault;
                    }

                    waiting.Enqueue(field.FieldType);
                }
            }
        }
    }

    private static IEnumerable<string> Faults(Type type, FieldInfo field) => IsCollection(field.FieldType) && !IsBounded(type, field)
        ? [$"{type.FullName}.{NameOf(field)}"] : [];

    /// <summary>A type, what it is made of, and what may stand for it.</summary>
    private IEnumerable<Type> PartsOf(Type type)
    {
        var element = type.GetElementType();
        if (element is not null)
        {
            return PartsOf(element);
        }

        // Delegates and descriptions of types hold nothing of the types that they name. An operator bounds what options hold.
        if (typeof(Delegate).IsAssignableFrom(type) || IsNamed(type, "JsonTypeInfo") || type.Name.EndsWith("Options", StringComparison.Ordinal))
        {
            return [];
        }

        var standsFor = type.Assembly == assembly && (type.IsInterface || !type.IsSealed)
            ? assembly.GetTypes().Where(other => other != type && !other.IsInterface && type.IsAssignableFrom(other)) : [];
        return [.. type.IsGenericType ? type.GetGenericArguments().SelectMany(PartsOf) : [], type.IsGenericType && !type.IsGenericTypeDefinition && type.Assembly == assembly ? type.GetGenericTypeDefinition() : type, .. standsFor];
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(field => !field.IsLiteral);

    // Arrays and frozen collections have the size that they were made with, and what holds them decides how many there are. An entry of a weak
    // table goes with its key.
    private static bool IsCollection(Type type) => !type.IsArray && type != typeof(string)
        && (typeof(IEnumerable).IsAssignableFrom(type) || IsNamed(type, "PriorityQueue", "Channel", "PartitionedRateLimiter", "MemoryStream", "StringBuilder"))
        && !IsNamed(type, "Frozen", "IReadOnly", "ReadOnlyMemory", "ConditionalWeakTable");

    private static bool IsNamed(Type type, params string[] names) => Array.Exists(names, name => type.Name.StartsWith(name, StringComparison.Ordinal));

    // The parameter of a primary constructor that is kept has a field of its name.
    private static bool IsBounded(Type type, FieldInfo field)
    {
        var name = NameOf(field);
        return type.IsDefined(typeof(BoundedAttribute), inherit: false) || field.IsDefined(typeof(BoundedAttribute))
            || type.GetProperty(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                ?.IsDefined(typeof(BoundedAttribute)) == true
            || type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(constructor => constructor.GetParameters())
                .Any(parameter => parameter.Name == name && parameter.IsDefined(typeof(BoundedAttribute)));
    }

    private static string NameOf(FieldInfo field) => field.Name.Trim('<').Split('>')[0];
}
