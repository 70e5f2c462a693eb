using System.Globalization;
using WebSmsGateway.Simulator;

namespace WebSmsGateway.Sandbox;

/// <summary>Sample messages: one-time codes from names, notices from a short code, and replies of customers.</summary>
internal static class SampleMessages
{
    public const string MainNumber = "79021234567";

    private const int PerDay = 60;
    private static readonly string[] OtherNumbers = ["79029876543", "79025550123"];

    private static readonly (string Sender, string Text)[] Notices =
    [
        ("Sberbank", "Никому не сообщайте код: {code}. Вход в СберБанк Онлайн."),
        ("Tinkoff", "Код подтверждения: {code}. Никому не говорите его!"),
        ("VTB", "{code} — код для входа в ВТБ-Онлайн"),
        ("Gosuslugi", "Код подтверждения: {code}. Не передавайте его третьим лицам"),
        ("Ozon", "Ваш код: {code}"),
        ("WhatsApp", "Your WhatsApp code: {three}-{three}"),
        ("Google", "G-{code} is your Google verification code."),
        ("Wildberries", "{code}. Никому не сообщайте этот код"),
        ("example.com", "{code} is your example.com code.\n\n@example.com #{code}"),
        ("900", "Никому не говорите код из СМС, даже сотрудникам банка. 8 800 555-35-35"),
        ("900", "СЧЁТ1234 Покупка {sum}р MAGNIT Баланс: {sum}.50р"),
        ("900", "Перевод {sum}р от Иван П."),
        ("CDEK", "Заказ {code} прибыл в пункт выдачи по адресу: ул. Ленина, 5. Хранение 7 дней"),
    ];

    private static readonly string[] Replies =
    [
        "Да", "Нет", "СТОП", "Спасибо, всё получили!", "Подтверждаю запись на завтра в 15:00", "Перезвоните мне, пожалуйста",
        "А можно перенести на пятницу?", "Заказ {code}: где курьер?", "Адрес: Москва, ул. Ленина, д. 5, кв. 12",
        "Добрый день!\nПодскажите, до скольки вы сегодня работаете?", "ok", "Товар \"Лампа\" & кабель <2 м> пришёл, всё цело", "👍",
    ];

    /// <summary>The messages in the vendor's document.</summary>
    public static IEnumerable<SimulatorMessage> OfTheDocument() =>
    [
        new(MainNumber, "79161234567", "Тест") { LocalTime = new DateTime(2013, 3, 11, 12, 9, 1) },
        new(MainNumber, "79161234567", "Тест") { LocalTime = new DateTime(2013, 3, 11, 12, 13, 1) },
        new("79123456789", "79087654321", "new message") { LocalTime = new DateTime(2021, 1, 1, 9, 45, 4) },
        new("79123456789", "79123456789", "это тестовое сообщение") { LocalTime = new DateTime(2021, 1, 2, 8, 46, 7) },
    ];

    /// <summary>The messages of a day, which are the same in each run.</summary>
    public static IEnumerable<SimulatorMessage> OfDay(DateOnly day)
    {
        var random = new Random(day.DayNumber);
        for (var count = 0; count < PerDay; count++)
        {
            // The mean of two random times is often near noon and seldom at night.
            var second = (random.Next(86_400) + random.Next(86_400)) / 2;
            yield return Next(random) with { LocalTime = day.ToDateTime(TimeOnly.MinValue).AddSeconds(second) };
        }
    }

    /// <summary>A code from Sberbank in Latin letters on the main number. Examples of the README and of docs/feed.md wait for it.</summary>
    public static SimulatorMessage Awaited(Random random) => new(MainNumber, "Sberbank", Filled("Kod: {code}. Nikomu ego ne soobshchayte.", random));

    /// <summary>A random message.</summary>
    public static SimulatorMessage Next(Random random)
    {
        var number = random.Next(2) == 0 ? MainNumber : OtherNumbers[random.Next(OtherNumbers.Length)];
        if (random.Next(2) == 0)
        {
            var (sender, text) = Notices[random.Next(Notices.Length)];
            return new SimulatorMessage(number, sender, Filled(text, random));
        }

        var customer = string.Create(CultureInfo.InvariantCulture, $"79{random.Next(100_000_000, 1_000_000_000)}");
        return new SimulatorMessage(number, customer, Filled(Replies[random.Next(Replies.Length)], random));
    }

    private static string Filled(string text, Random random) => text
        .Replace("{code}", random.Next(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{three}", random.Next(100, 1000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{sum}", random.Next(50, 20_000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
