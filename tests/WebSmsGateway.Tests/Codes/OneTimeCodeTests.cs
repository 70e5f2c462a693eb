using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Tests.Codes;

/// <summary>The shapes that the rule promises, one by one.</summary>
public sealed class OneTimeCodeTests
{
    [Theory]
    [InlineData("Код: 12345", "12345")]
    [InlineData("Код 1234 для входа в личный кабинет", "1234")]
    [InlineData("1234 - код для подтверждения операции", "1234")]
    [InlineData("123-456 — код для входа в чат", "123456")]
    [InlineData("СМС-код для входа в профиль: 123456", "123456")]
    [InlineData("Никому не говорите код: 1234! Покупка 1234.56 RUB", "1234")]
    [InlineData("Пароль для регистрации на портале - 12345", "12345")]
    [InlineData("Вы платите картой *1234. Никому не говорите этот код: 5678", "5678")]
    [InlineData("Списание 1234.00р в KIOSK, код 123456 держите в тайне", "123456")]
    [InlineData("123456 SMS №3 Используйте этот код", "123456")]
    [InlineData("Vash kod (#1):1234 Summa:123.00RUB", "1234")]
    [InlineData("Parol': 123456", "123456")]
    [InlineData("Odnorazoviy kod:1234", "1234")]
    [InlineData("KOD avtorizacii: ab12", "ab12")]
    [InlineData("M-kod=AB12", "AB12")]
    [InlineData("Код 1234567", "1234567")]
    [InlineData("Пароль: 123456789", "123456789")]
    [InlineData("Your WhatsApp code: 123-456", "123456")]
    [InlineData("Your code is 1 2 3 4", "1234")]
    [InlineData("Код доступа 1234 567", "1234567")]
    [InlineData("Код: 1234-5678", "12345678")]
    [InlineData("Код: 12 34 56", "123456")]
    [InlineData("Код: 12-34", "1234")]
    [InlineData("G-123456 is your verification code", "123456")]
    [InlineData("введите 1234, чтобы продолжить", "1234")]
    [InlineData("назовите 1234", "1234")]
    [InlineData("Ячейка откроется по коду 123 456", "123456")]
    [InlineData("Код получения 1946", "1946")]
    [InlineData("Код 300517", "300517")]
    [InlineData("PIN поездки: 1234", "1234")]
    [InlineData("Код для оплаты 500р в 12:30, карта *9876: 5678", "5678")]
    [InlineData("Личный ID: 123456 — код для входа", "123456")]
    [InlineData("81203 — используйте для входа", "81203")]
    [InlineData("Код получения отправления RA771203944RU: 4471", "4471")]
    [InlineData("Запрашивали код: 4471? Никому его не сообщайте", "4471")]
    [InlineData("Код 4471 https://example.ru/login?code=4471", "4471")]
    public void Find_PromisedShape_GivesHigh(string text, string value) =>
        Assert.Equal(new OneTimeCode(value, CodeConfidence.High), OneTimeCode.Find(text));

    [Theory]
    [InlineData("Вами запрошен код для входа. 48215", "48215")]
    [InlineData("48215. Никому не сообщайте этот код", "48215")]
    [InlineData("Подтверждение входа: 48215", "48215")]
    public void Find_BoundFromOutsideItsSentence_GivesMedium(string text, string value) =>
        Assert.Equal(new OneTimeCode(value, CodeConfidence.Medium), OneTimeCode.Find(text));

    [Theory]
    [InlineData("Никому не сообщайте коды из СМС. Звоните 900")]
    [InlineData("QR-код 1234")]
    [InlineData("промокод ABC1")]
    [InlineData("Кодовое слово 1234")]
    [InlineData("Введите ПИН-код, осталось 3 попытки")]
    [InlineData("ПИН-код карты: 1234")]
    [InlineData("Terminal kodi: 1234")]
    [InlineData("Покупка 500 RUB. Код авторизации 123456. Доступно 1000 RUB")]
    [InlineData("скинь мне код от домофона")]
    [InlineData("отправьте код 12345 на номер 900")]
    [InlineData("Скидка 20% по коду 12345")]
    [InlineData("Код 402 значит, что связи нет?")]
    [InlineData("Введите 2024 год")]
    [InlineData("Сообщите показания 4412 до 25 числа")]
    [InlineData("Назовите код ЛЕТО30 на кассе")]
    [InlineData("Дисконтный код 44120")]
    [InlineData("1234")]
    [InlineData("")]
    public void Find_NoCode_GivesNothing(string text) => Assert.Null(OneTimeCode.Find(text));

    [Theory]
    [InlineData("Код 1234 или 5678")]
    [InlineData("Коды: 1234, 5678")]
    [InlineData("Код: 1234. Код: 5678")]
    [InlineData("Код для Анны: 1234, код для Петра: 5678")]
    public void Find_TwoEquallyGood_GivesNothing(string text) => Assert.Null(OneTimeCode.Find(text));

    [Theory]
    [InlineData("Код: 1234. Code: 1234")]
    [InlineData("1234 - код. Повторяем: код 1234")]
    public void Find_TheSameValueTwice_GivesIt(string text) => Assert.Equal("1234", OneTimeCode.Find(text)?.Value);

    [Theory]
    [InlineData("Код: ١٢٣٤", "1234")]
    [InlineData("Код: १२३४", "1234")]
    [InlineData("Код: １２３４", "1234")]
    [InlineData("Код: 𝟏𝟐𝟑𝟒", "1234")]
    [InlineData("Код: 1️⃣2️⃣3️⃣4️⃣", "1234")]
    [InlineData("Код: 12​34", "1234")]
    [InlineData("Ваш Kод: 1234", "1234")]
    [InlineData("Ваш кoд: 1234", "1234")]
    [InlineData("Код1234никому не сообщайте", "1234")]
    public void Find_OtherScriptsAndLookalikes_GivesAscii(string text, string value) => Assert.Equal(value, OneTimeCode.Find(text)?.Value);

    [Theory]
    [InlineData("123456 is your code\n\n@example.com #123456", "123456")]
    [InlineData("@example.com #a-B%1", "a-B%1")]
    [InlineData("@example.com #123456 @embedded.example and more", "123456")]
    [InlineData("text\r\n@Example.com #123456", "123456")]
    public void Find_OriginBoundLastLine_GivesHighWithItsHost(string text, string value) =>
        Assert.Equal(new OneTimeCode(value, CodeConfidence.High, "example.com"), OneTimeCode.Find(text));

    [Theory]
    [InlineData("something @example.com #123456")]
    [InlineData("@example.com  #123456")]
    [InlineData("@example.com #123456.\nThanks")]
    public void Find_OriginBoundLoosely_GivesMediumWithItsHost(string text) =>
        Assert.Equal(new OneTimeCode("123456", CodeConfidence.Medium, "example.com"), OneTimeCode.Find(text));

    [Theory]
    [InlineData("@localhost #123456")]
    [InlineData("@example..com #123456")]
    [InlineData("@example.com code #123456")]
    [InlineData("Follow @brand.shop #sale and more")]
    [InlineData("@@example.com #123456")]
    public void Find_NotOriginBound_GivesNoOrigin(string text) => Assert.Null(OneTimeCode.Find(text)?.Origin);

    [Fact]
    public void Find_OriginBoundAndNamedAlike_GivesHighWithBoth() =>
        Assert.Equal(
            new OneTimeCode("123456", CodeConfidence.High, "example.com"),
            OneTimeCode.Find("Код 123456 для входа @example.com #123456 спасибо"));

    [Fact]
    public void Find_TextWithoutACandidate_AllocatesNothing()
    {
        const string text = "Покупка 1 249,00р, карта *9912, доступно 12 048,33р. Вход в 14:20, 12.05.2024. Тел. 8 800 100-20-30";
        Assert.Null(OneTimeCode.Find(text));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            OneTimeCode.Find(text);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
