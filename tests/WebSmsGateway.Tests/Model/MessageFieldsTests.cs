using System.Text;
using System.Text.Json;
using WebSmsGateway.Archive.Records;
using WebSmsGateway.Model;

namespace WebSmsGateway.Tests.Model;

/// <summary>The JSON of a message without its text, which is cut out of the bytes and not made anew.</summary>
public sealed class MessageFieldsTests
{
    [Theory]
    [InlineData("Тест")]
    [InlineData("")]
    [InlineData("Код: 482913")]
    [InlineData("\"")]
    [InlineData("\\\",\"text\":\"x\",\"code\":{\"value\":\"1\"}}")]
    [InlineData("Код: 482913 ,\"text\":\"a\",\"code\":{")]
    [InlineData("123456 is your code\n\n@example.com #123456")]
    [InlineData("@example.com #a\",\"code\":{\"text\":1")]
    [InlineData("\uD800 код 1234 😀")]
    public void JsonWith_Code_IsTheWholeWithoutTheText(string text)
    {
        foreach (var sender in (string[])["900", ",\"text\":\"", "\\\",\"text\":\"x"])
        {
            var message = Make(sender, text);

            var all = JsonDocument.Parse(message.JsonWith(MessageFields.All)).RootElement.EnumerateObject();
            var limited = JsonDocument.Parse(message.JsonWith(MessageFields.Code)).RootElement.EnumerateObject();

            Assert.Equal(
                all.Where(field => field.Name != "text").Select(field => (field.Name, field.Value.GetRawText())),
                limited.Select(field => (field.Name, field.Value.GetRawText())));
        }
    }

    [Fact]
    public void Json_TextsWithAndWithoutCode_HasTheFieldOnlyWithOne()
    {
        Assert.EndsWith(
            ",\"text\":\"Код: 482913\",\"code\":{\"value\":\"482913\",\"confidence\":\"high\"}}", Json("Код: 482913"), StringComparison.Ordinal);
        Assert.EndsWith(",\"text\":\"Баланс 1234.56\"}", Json("Баланс 1234.56"), StringComparison.Ordinal);

        static string Json(string text) => Encoding.UTF8.GetString(Make("900", text).Json);
    }

    [Fact]
    public void FingerprintOf_QueryWithoutCodes_IsThatOfVersionsWithoutThem()
    {
        var number = RentedNumber.Reported("79021234567");

        Assert.Equal(16863619385286570046UL, MessageQuery.FingerprintOf(number, null, null, null, "код", ascending: true));
        Assert.NotEqual(
            MessageQuery.FingerprintOf(number, null, null, null, null, ascending: true),
            MessageQuery.FingerprintOf(number, null, null, null, null, ascending: true, CodeFilter.Any));
    }

    private static Message Make(string sender, string text) => MessageFactory.Make(
        new MessageId(new DateOnly(2026, 3, 1), 42), RentedNumber.Reported("79021234567"), Sender.Reported(sender),
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(3)), text);
}
