using WebSmsGateway.IntegrationTests.Fixtures;

namespace WebSmsGateway.IntegrationTests.Golden;

/// <summary>Messages that are difficult for ids, clocks, cursors, spreadsheets or charsets.</summary>
internal static class GoldenHistory
{
    public const string First = RunningGateway.Number;
    public const string Second = "79031234567";
    public const string Third = "79051234567";

    public static GoldenSms[] Messages { get; } =
    [
        new("2013-03-11T12:09:01", First, "79161234567", "Тест"),

        // Moscow's clocks went back from +04:00 to +03:00 at 2:00 on 26.10.2014, so the hour from 1:00 came twice.
        new("2014-10-25T23:59:59", First, "79161234567", "накануне"),
        new("2014-10-26T00:59:59", First, "79161234567", "до перевода"),
        new("2014-10-26T01:00:00", First, "79161234567", "начало двойного часа"),
        new("2014-10-26T01:30:00", First, "79161234567", "дважды"),
        new("2014-10-26T01:30:00", First, "79161234567", "дважды"),
        new("2014-10-26T01:59:59", Second, "Bank", "конец двойного часа"),
        new("2014-10-26T02:00:00", First, "79161234567", "после перевода"),
        new("2014-10-27T00:00:00", First, "79161234567", "на другой день"),

        new("2026-03-09T00:00:00", First, "Sberbank", "первая секунда дня"),
        new("2026-03-09T09:05:07", First, "+79161234567", "Код 1234"),
        new("2026-03-09T09:05:07", First, "+79161234567", "Код 1234"),
        new("2026-03-09T09:05:07", First, "900", "Код 5678"),
        new("2026-03-09T09:05:07", Second, "МТС", "Ваш код: 4821"),
        new("2026-03-09T09:05:07", First, "79161234568", ""),
        new("2026-03-09T23:59:59", Third, "Сбер", "последняя секунда дня"),

        new("2026-03-10T10:00:00", First, "+79161234567", "Привет 😀 👨‍👩‍👧 — ёж, Ё и 100% a+b"),
        new("2026-03-10T10:00:01", First, "Shop", "\"кавычки\" «ёлочки», 'апостроф', \\ & <тег> /"),
        new("2026-03-10T10:00:02", First, "=1+1", "=HYPERLINK(\"http://example.com\",\"код\")"),
        new("2026-03-10T10:00:03", First, "@name", "a;=cmd|' /C calc'!A0\t@SUM(A1);b"),
        new("2026-03-10T10:00:04", First, "-name", "две\r\nстроки\n+1,-1"),
        new("2026-03-10T10:00:05", Second, "79161234567", "  пробелы\u00A0и знаки\u2028\uFEFF  "),

        new("2026-03-11T00:00:00", First, "79161234567", "полночь"),
        new("2026-03-11T11:58:30", First, "Sberbank", "Код 7777"),
        new("2026-03-11T11:59:59", Second, "МТС", "минуту назад"),
    ];

    /// <summary>An answer of WEBSMS of which some records cannot be read.</summary>
    public const string Unreadable = """
        [
        {"sms_date":"10.03.2026 9:00:00", "rentnum":"79021234567", "telnum":"79161234567", "message":"Можно прочесть"}, 
        {"sms_date":"32.13.2026 9:00:01", "rentnum":"79021234567", "telnum":"79161234567", "message":"Нет такого дня"}, 
        {"sms_date":"10.03.2026 9:00:02", "rentnum":"79021x", "telnum":"79161234567", "message":"Нет такого номера"}, 
        {"sms_date":"10.03.2026 9:00:03", "rentnum":"79021234567", "telnum":"79161234567", "message":["нет","текста"]}, 
        {"sms_date":"10.03.2026 9:00:04", "rentnum":"79031234567", "telnum":"Bank", "message":"Тоже можно"}]
        """;
}
