using System.Text;
using System.Text.Json;
using System.Xml;
using BenchmarkDotNet.Attributes;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Benchmarks;

/// <summary>Measures each parser on a megabyte, beside the strict reader of the platform on the same bytes.</summary>
public class WireBenchmarks
{
    private byte[] json = [];
    private byte[] xml = [];
    private byte[] txt = [];

    [GlobalSetup]
    public void Setup()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var records = SampleData.Records(5600, new DateTime(2026, 3, 11), TimeSpan.FromSeconds(15));
        (json, xml, txt) = (SampleData.Json(records), SampleData.Xml(records), SampleData.Txt(records));
    }

    [Benchmark]
    public int Json() => WireReader.Read(json, null, WireEnd.Proven).Records.Count;

    [Benchmark]
    public int JsonStrictly()
    {
        var reader = new Utf8JsonReader(json);
        var length = 0;
        while (reader.Read())
        {
            length += reader.TokenType == JsonTokenType.String ? reader.GetString()!.Length : 0;
        }

        return length;
    }

    [Benchmark]
    public int Xml() => WireReader.Read(xml, null, WireEnd.Proven).Records.Count;

    [Benchmark]
    public int XmlStrictly()
    {
        using var reader = XmlReader.Create(new MemoryStream(xml));
        var length = 0;
        while (reader.Read())
        {
            length += reader.NodeType == XmlNodeType.Text ? reader.Value.Length : 0;
            while (reader.MoveToNextAttribute())
            {
                length += reader.Value.Length;
            }
        }

        return length;
    }

    [Benchmark]
    public int Txt() => WireReader.Read(txt, null, WireEnd.Proven).Records.Count;

    [Benchmark]
    public int TxtLinesOnly()
    {
        using var reader = new StreamReader(new MemoryStream(txt));
        var length = 0;
        while (reader.ReadLine() is { } line)
        {
            length += line.Length;
        }

        return length;
    }
}
