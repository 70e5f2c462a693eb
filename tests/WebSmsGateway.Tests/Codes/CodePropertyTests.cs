using System.Globalization;
using System.Text;
using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Tests.Codes;

/// <summary>What holds for any text. The seeds are fixed: a failure names the one to repeat.</summary>
public sealed class CodePropertyTests
{
    private const int Texts = 100_000;

    // Measured: about 25 in the worst texts found. What a quadratic rule would take on the long ones is thousands of times more.
    private const int StepsPerCharacter = 60;

    private static readonly string[] Pieces =
    [
        "код", "Код", "kod", "пароль", "code", "PIN", "ПИН-код", "QR", "промокод", "введите", "никому не сообщайте", "подтверждения",
        "для", "из СМС", "карта", "заказ", "№", "*", "RUB", "р.", "₽", "минут", "тел.", "до", "в", "договор", "на номер", "отправьте",
        "скидка", "это", "is", "your", "@example.com", "#", ": ", " - ", ". ", ", ", "! ", "\n", " ", "  ", "(", ")", "1234", "123-456",
        "12 34 56", "1 2 3 4", "AB12", "G-123456", "2024", "12:30", "1 234,56", "8 800 100-20-30", "4276 1234 5678 9012",
        "https://example.ru/1234", "FA+9qCX9VSu", "١٢٣٤", "𝟏𝟐𝟑𝟒", "​", "\uD835", "\uDFCF", "\u0301", "👍", "码", "😀1",
    ];

    [Fact]
    public void Find_AnyText_NeverThrowsStaysLinearAndMakesNothingUp()
    {
        Parallel.For(0, Texts, seed =>
        {
            var text = Text(new Random(seed));
            var found = OneTimeCode.Find(text, out var steps);

            Assert.True(steps <= StepsPerCharacter * (text.Length + 10L), $"seed {seed}: {steps} steps for {text.Length} characters");
            Assert.True(found is null || Holds(text, found.Value), $"seed {seed}: {found} is not in: {text}");
        });
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1-")]
    [InlineData("a1")]
    [InlineData("1234 ")]
    [InlineData("код 1234 ")]
    [InlineData("код.")]
    [InlineData("код ")]
    [InlineData("@")]
    [InlineData("@a.b ")]
    [InlineData("a.ru.")]
    [InlineData("http://")]
    [InlineData("отправьте 1 на ")]
    [InlineData("отправьте ")]
    [InlineData("договор ")]
    [InlineData("никому код ")]
    [InlineData(".!")]
    [InlineData("1 000 ")]
    [InlineData("1)")]
    [InlineData("\uD835")]
    [InlineData("а́")]
    [InlineData("карта X 1234 - код ")]
    public void Find_OnePieceRepeated_TakesStepsInProportion(string piece)
    {
        var text = "код 1 " + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
        OneTimeCode.Find(text, out var steps);

        Assert.True(steps <= StepsPerCharacter * (long)text.Length, $"{steps} steps for {text.Length} characters");
    }

    [Fact]
    public void Find_OnlyVetoedNumbers_GivesNothing()
    {
        string[] openings =
        [
            "Код", "Ваш код:", "Пароль -", "Kod podtverzhdeniya:", "Your code is", "Введите код", "Никому не говорите код:",
            "Код подтверждения", "Введите",
        ];
        string[] closings = ["", ".", " для входа", ". Никому не сообщайте", "! Это ваш код", ", спасибо"];
        for (var seed = 0; seed < Texts / 10; seed++)
        {
            var random = new Random(seed);
            var text = $"{openings[random.Next(openings.Length)]} {Vetoed(random)}{closings[random.Next(closings.Length)]}";

            Assert.True(OneTimeCode.Find(text) is null, $"seed {seed}: {OneTimeCode.Find(text)} in: {text}");
        }
    }

    private static string Vetoed(Random random)
    {
        var digits = random.Next(1000, 10_000).ToString(CultureInfo.InvariantCulture);
        string[] currencies = ["руб", "руб.", "р.", "р", "RUB", "KZT", "сум", "so'm", "USD", "₽", "$", "€", "грн", "тенге", "BYN", "RUR"];
        var currency = currencies[random.Next(currencies.Length)];
        return random.Next(16) switch
        {
            0 => $"{digits} {currency}",
            1 => $"{digits}{currency}",
            2 => $"{digits}.{random.Next(10, 100)}",
            3 => $"*{digits}",
            4 => $"VISA{digits}",
            5 => $"**** {digits}",
            6 => $"№{digits}",
            7 => $"№ {digits}",
            8 => $"{digits}%",
            9 => $"8 800 {random.Next(100, 1000)}-{random.Next(10, 100)}-{random.Next(10, 100)}",
            10 => $"+7902{random.Next(1_000_000, 10_000_000)}",
            11 => $"https://example.ru/{digits}",
            12 => $"{random.Next(1, 256)}.{random.Next(256)}.{random.Next(256)}.{random.Next(1, 256)}",
            13 => $"{random.Next(10, 1000)} {random.Next(100, 1000)},{random.Next(10, 100)} {currency}",
            14 => $"договора {digits}",
            _ => $"${digits}",
        };
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        var length = random.Next(40);
        for (var i = 0; i < length; i++)
        {
            _ = random.Next(6) switch
            {
                0 => text.Append((char)random.Next(0x10000)),
                1 => text.Append((char)random.Next(' ', 0x7F)),
                2 => text.Append((char)random.Next(0x400, 0x460)),
                _ => text.Append(Pieces[random.Next(Pieces.Length)]),
            };
            text.Append(random.Next(3) == 0 ? " " : "");
        }

        return text.ToString();
    }

    /// <summary>Whether the characters of a value stand in a text in their order, digits of any script as ASCII.</summary>
    private static bool Holds(string text, string value)
    {
        var next = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isDigit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
            var asItStands = rune.ToString();
            var unit = isDigit && !value.Contains(asItStands, StringComparison.Ordinal)
                ? ((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture)
                : asItStands;
            if (string.CompareOrdinal(value, next, unit, 0, unit.Length) == 0)
            {
                next += unit.Length;
            }
        }

        return next >= value.Length;
    }
}
