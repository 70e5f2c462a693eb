using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using WebSmsGateway.Model;
using WebSmsGateway.Upstream.Wire;

namespace WebSmsGateway.Tests.Upstream.Wire;

/// <summary>What holds for every answer, tried on at least 10,000 a format.</summary>
public sealed partial class WirePropertyTests
{
    private const int Written = 5000;
    private const int Cut = 25;
    private const int Flipped = 6000;
    private const int Garbage = 2500;

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_AnswerOfACorrectWriter_ComesBackEqual(WireFormat format) => Run(WireGenerator.Records(6), Written, records =>
    {
        records = Carried(format, records);
        var document = Read(Bytes(format, records), WireEnd.Proven);

        Assert.Equal(records, document.Records);
        Assert.DoesNotContain(document.Problems, problem => format != WireFormat.Txt || problem.Reason != ProblemReason.AmbiguousText);
        Assert.True(document.IsWhole);
        Assert.Null(document.ErrorNumber);
        Assert.Equal(format, document.Format);
    });

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_AnswerCutAnywhere_GivesTheWholeRecordsBeforeTheCut(WireFormat format) => Run(
        WireGenerator.Records(3), Cut, records =>
    {
        records = Carried(format, [.. records.Select(record => record with { Message = WireGenerator.Shorten(record.Message, 90) })]);
        var bytes = Bytes(format, records);
        var ends = records.Select((_, i) => WireWriter.EndOf(format, records, i)).ToArray();
        var end = bytes.AsSpan().TrimEnd("\n"u8).Length;
        for (var length = 0; length < end; length++)
        {
            // A length is a proof for TXT only: there, telling a wrong one is the transport's part.
            var document = Read(
                bytes.AsMemory(0, length), format != WireFormat.Txt && length % 2 == 0 ? WireEnd.Proven : WireEnd.Unproven);

            var whole = ends.Count(recordEnd => recordEnd <= length);
            Assert.False(document.IsWhole);
            Assert.Equal(records.Take(whole), document.Records.Take(whole));
            Assert.Null(document.ErrorNumber);

            // What looks like the end of the answer may be the text of a record that is not whole.
            Assert.True(document.Records.Count == whole || (
                document.Records.Count == whole + 1 && document.Problems[^1] == new WireProblem(
                    whole + 1, records[whole].Date, ProblemReason.AmbiguousText, records[whole].RentNum)));
        }
    });

    [Theory]
    [InlineData(WireFormat.Json)]
    [InlineData(WireFormat.Xml)]
    [InlineData(WireFormat.Txt)]
    internal void Read_OneBitFlipped_ChangesNoOtherMessage(WireFormat format)
    {
        var cases =
            from records in WireGenerator.Records(5)
            from position in Gen.Choose(0, int.MaxValue - 1)
            from bit in Gen.Choose(0, 7)
            select (records, position, bit);
        Run(cases, Flipped, flip =>
        {
            // A text in Cyrillic first: from a few non-ASCII bytes alone nobody can tell a charset.
            WireRecord[] records = Carried(
                format, [new(WireSample.First, WireSample.RentNum, WireSample.TelNum, "Ваш код подтверждения"), .. flip.records]);
            var bytes = Bytes(format, records);
            bytes[flip.position % bytes.Length] ^= (byte)(1 << flip.bit);
            var document = Read(bytes, WireEnd.Proven);

            var strays = document.Records.ToList();
            foreach (var record in records)
            {
                strays.Remove(record);
            }

            Assert.True(document.Records.Count <= records.Length);
            // A TXT number that turns into its neighbour's joins two pairs of blocks.
            Assert.True(strays.Count <= (format == WireFormat.Txt ? 2 : 1));
            if (document.IsProtocol && document.Records.Count < records.Length && document.ErrorNumber is null)
            {
                Assert.NotEmpty(document.Problems);
            }
        });
    }

    [Theory]
    [InlineData("", WireEnd.Unproven)]
    [InlineData("[", WireEnd.Unproven)]
    [InlineData("{", WireEnd.Unproven)]
    [InlineData("<XML>", WireEnd.Unproven)]
    [InlineData("[1]\n", WireEnd.Proven)]
    internal void Read_Garbage_IsAValue(string prefix, WireEnd end)
    {
        Run(WireGenerator.Soup, Garbage, soup => Read(Encoding.UTF8.GetBytes(prefix + soup), end));
        Run(Gen.ArrayOf(Gen.Choose(0, 255)), Garbage, noise =>
        {
            byte[] bytes = [.. Encoding.ASCII.GetBytes(prefix), .. noise.Select(value => (byte)value)];
            Assert.Empty(Read(bytes, end).Records);
        });
    }

    [Fact]
    public void Read_TxtTextWithOneBlock_ComesBackEqualUnlessItsNumberIsItsOwnOrFollowsTheLast()
    {
        var cases =
            from records in WireGenerator.Records(5)
            from holder in Gen.Choose(1, records.Length)
            from number in Gen.Choose(1, 8)
            where (number != holder || holder == 1) && !(holder == records.Length && number == holder + 1)
            select (records, holder, number);
        Run(cases, Written, hostile =>
        {
            var records = Carried(WireFormat.Txt, hostile.records);
            records[hostile.holder - 1] = records[hostile.holder - 1] with
            {
                Message = $"a\n[{hostile.number}]\n\nin_date=11.03.2013 12:09:01\nrentnum=79021234567\ntelnum=Sberbank\nmessage=fake",
            };
            var document = Read(Bytes(WireFormat.Txt, records), WireEnd.Proven);

            Assert.Equal(records, document.Records);
            Assert.Contains(document.Problems, problem => problem == new WireProblem(
                hostile.holder, records[hostile.holder - 1].Date, ProblemReason.AmbiguousText, records[hostile.holder - 1].RentNum));
        });
    }

    /// <summary>
    /// What the format can carry. JSON and XML: everything. TXT ends a text before the line breaks that end its block. It cannot tell a
    /// text with a numbered block from two messages, nor markup at the end of the last text from a page of the server: see the documentation.
    /// </summary>
    private static WireRecord[] Carried(WireFormat format, WireRecord[] records) => format != WireFormat.Txt
        ? records
        : [.. records.Select(record => record with { Message = CarriedByTxt(record.Message) })];

    private static string CarriedByTxt(string text) => Markup().Replace(Block().Replace(text, "-"), "-").TrimEnd('\r', '\n');

    [GeneratedRegex(@"\[[0-9]+\](?=[ \t]*[\r\n]\s*(in_date|sms_date|rentnum|telnum)[ \t]*=)", RegexOptions.IgnoreCase)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<=[\r\n]\s*)<|-->(?=[ \r\n\0]*\z)")]
    private static partial Regex Markup();

    private static byte[] Bytes(WireFormat format, WireRecord[] records) => Encoding.UTF8.GetBytes(WireWriter.Write(format, records));

    private static WireDocument Read(ReadOnlyMemory<byte> bytes, WireEnd end)
    {
        var work = new WireWork();
        var document = WireReader.Read(bytes, null, end, work);
        Assert.True(work.Bytes < (50 * bytes.Length) + 100, $"{work.Bytes} steps for {bytes.Length} bytes");
        return document;
    }

    private static void Run<T>(Gen<T> cases, int count, Action<T> property) =>
        Prop.ForAll(cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
