using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSmsGateway.IntegrationTests.Fixtures;
using WebSmsGateway.Telemetry;

namespace WebSmsGateway.IntegrationTests.Telemetry;

/// <summary>The files in <c>deploy</c> name only metrics and settings that exist.</summary>
[Collection(nameof(Telemetry))]
public sealed partial class DeployFilesTests
{
    private static readonly string[] Manifests =
        ["configmap.yaml", "deployment.yaml", "service.yaml", "autoscaler.yaml", "disruption-budget.yaml", "network-policy.yaml"];

    [GeneratedRegex(@"\b(websms|http_server)_[a-z0-9_]+")]
    private static partial Regex MetricName { get; }

    [Theory]
    [InlineData("deploy/grafana/websms-gateway.json")]
    [InlineData("deploy/prometheus/alerts.yaml")]
    public async Task Metrics_NamedInTheFile_Exist(string file)
    {
        using var seen = new Measurements();
        await using var gateway = RunningGateway.Start(clock: null, ("Upstream:Username", "demo"), ("Upstream:Password", "demo"));
        var existing = seen.Instruments.Values.SelectMany(PrometheusNames).ToHashSet();
        string[] labels = ["websms_outcome", "websms_reason", "websms_source", "websms_kind", "websms_way", "websms_caller", "websms_entry",
            "websms_webhook", "websms_state", "http_route"];

        var used = MetricName.Matches(Repository.Read(file)).Select(match => match.Value).Distinct().Except(labels).ToList();

        Assert.True(used.Count > 10);
        Assert.Empty(used.Except(existing));
    }

    [Fact]
    public void Dashboard_EveryPanel_HasAQueryAndAPlaceOfItsOwn()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("deploy/grafana/websms-gateway.json"));
        var places = new HashSet<(int, int)>();
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            var place = panel.GetProperty("gridPos");
            for (var x = place.GetProperty("x").GetInt32(); x < place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32(); x++)
            {
                var top = place.GetProperty("y").GetInt32();
                for (var y = top; y < top + place.GetProperty("h").GetInt32(); y++)
                {
                    Assert.True(x < 24 && places.Add((x, y)), panel.GetProperty("title").GetString());
                }
            }
        }
    }

    [Fact]
    public void Kubernetes_Manifests_AreListedHardenedAndCarryNoSecret()
    {
        var kustomization = Repository.Read("deploy/kubernetes/kustomization.yaml");
        Assert.All(Manifests, file => Assert.Contains($"- {file}", kustomization, StringComparison.Ordinal));
        Assert.Contains($"newTag: {ProductVersion.Text}", kustomization, StringComparison.Ordinal);

        var deployment = Repository.Read("deploy/kubernetes/deployment.yaml");
        Assert.All(
            ["readOnlyRootFilesystem: true", "runAsNonRoot: true", "allowPrivilegeEscalation: false", "path: /health/live",
                "path: /health/ready",
                "secretName: websms-gateway", "terminationGracePeriodSeconds: 45"],
            line => Assert.Contains(line, deployment, StringComparison.Ordinal));
        Assert.All(
            Manifests,
            file => Assert.DoesNotContain("Password:", Repository.Read($"deploy/kubernetes/{file}"), StringComparison.Ordinal));
    }

    /// <summary>The name that the collector's Prometheus exporters give an instrument.</summary>
    private static IEnumerable<string> PrometheusNames(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? [name + "_bucket", name + "_sum", name + "_count"]
            : kind.StartsWith("Counter", StringComparison.Ordinal) ? [name + "_total"]
            : [name];
    }
}
