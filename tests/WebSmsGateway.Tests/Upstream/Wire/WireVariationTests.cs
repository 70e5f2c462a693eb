using System.Text;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>
/// Every sample, varied: no whole record is lost without a problem, none is invented, and no verdict appears or is lost.
/// </summary>
public sealed class WireVariationTests
{
    private static readonly string?[] Charsets = [null, "", "utf-8", "windows-1251", "iso-8859-1", "utf-16"];

    public static TheoryData<string> Samples => [.. Directory.GetFiles(WireSample.Folder).Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_MarkBefore_ChangesNothing(string sample)
    {
        var bytes = WireSample.Bytes(sample);
        foreach (var before in (string[])["\uFEFF", "\uFEFF\uFEFF", " \r\n\uFEFF\r\n", "\n\n\t "])
        {
            AssertSame(WireSample.Read(sample), Read([.. Encoding.UTF8.GetBytes(before), .. bytes]), mayDecodeOtherwise: true);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_SomethingBehind_ChangesNothing(string sample)
    {
        var encoding = IsUtf16(sample) ? Encoding.Unicode : Encoding.UTF8;
        foreach (var behind in (string[])["\0", "\0\0\r\n\0", "\r\n", "<!-- page made in 3 ms -->", "\r\n<!-- [1] {2} \"3\" -->\r\n"])
        {
            AssertSame(WireSample.Read(sample), Read([.. WireSample.Bytes(sample), .. encoding.GetBytes(behind)]));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_CharsetDeclared_ChangesNothingSilently(string sample)
    {
        foreach (var declared in Charsets)
        {
            AssertSame(WireSample.Read(sample), WireSample.Read(sample, declared), mayDecodeOtherwise: true);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_WrittenInAnotherCharset_ChangesNothing(string sample)
    {
        var bytes = WireSample.Bytes(sample);
        if (IsUtf16(sample) || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return;
        }

        var text = Encoding.UTF8.GetString(bytes);
        var windows1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var isIn1251 = windows1251.GetString(windows1251.GetBytes(text)) == text;
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode, .. isIn1251 ? (Encoding[])[windows1251] : []])
        {
            foreach (var declared in Charsets.Append(encoding.WebName))
            {
                AssertSame(WireSample.Read(sample), WireReader.Read(encoding.GetBytes(text), declared, WireEnd.Proven));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Read_CutAtEachByte_GivesWhatWasWholeAndInventsNothing(string sample)
    {
        var bytes = WireSample.Bytes(sample);
        var whole = WireSample.Read(sample);
        foreach (var declared in Charsets)
        {
            var certain = 0;
            for (var length = 0; length < bytes.Length; length++)
            {
                var end = whole.Format == WireFormat.Txt || length % 2 == 0 ? WireEnd.Unproven : WireEnd.Proven;
                var cut = WireReader.Read(bytes.AsMemory(0, length), declared, end);

                Assert.True(Missing(cut.Records, whole.Records) <= cut.Problems.Count, $"{length} bytes in {declared} invent a record");
                Assert.True(cut.Records.Count + cut.Problems.Count >= certain, $"{length} bytes in {declared} lose a record");
                Assert.True(
                    cut.ErrorNumber is null || cut.ErrorNumber == whole.ErrorNumber, $"{length} bytes in {declared} give {cut.ErrorNumber}");
                certain = Math.Max(certain, cut.Records.Count - Doubts(cut));
            }
        }
    }

    private static WireDocument Read(byte[] bytes) => WireReader.Read(bytes, null, WireEnd.Proven);

    private static bool IsUtf16(string sample) => sample.Contains("utf-16", StringComparison.Ordinal);

    private static void AssertSame(WireDocument expected, WireDocument actual, bool mayDecodeOtherwise = false)
    {
        Assert.Equal(expected.IsProtocol, actual.IsProtocol);
        Assert.Equal(expected.End, actual.End);
        Assert.Equal(expected.ErrorNumber, actual.ErrorNumber);
        Assert.Equal(expected.Records.Count, actual.Records.Count);
        Assert.True(Missing(expected.Records, actual.Records) <= Math.Max(Doubts(expected), Doubts(actual)), "a record changed silently");
        if (mayDecodeOtherwise)
        {
            Assert.All(
                expected.Records.Zip(actual.Records),
                pair => Assert.Equal(pair.First with { Message = "", TelNum = "" }, pair.Second with { Message = "", TelNum = "" }));
        }
    }

    /// <summary>How many records the others do not hold.</summary>
    private static int Missing(IReadOnlyList<WireRecord> records, IReadOnlyList<WireRecord> others)
    {
        var left = others.ToList();
        return records.Count(record => !left.Remove(record));
    }

    private static int Doubts(WireDocument document) => document.Problems.Count(problem =>
        problem.Reason is ProblemReason.AmbiguousText or ProblemReason.UnreadableCharacters);
}
