using BenchmarkDotNet.Attributes;
using WebSmsGateway.Model.Codes;

namespace WebSmsGateway.Benchmarks;

/// <summary>What it costs to look for the one-time code of one text of 160 characters: once for every message that arrives.</summary>
public class CodeBenchmarks
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["code"] = "Никому не сообщайте код! Перевод 15 000,00 RUB на карту *9914, получатель ИВАН П. Комиссия 0 р. Код "
            + "подтверждения: 731650. Не вы? Звоните 8 800 100-20-30 сейчас",
        ["notice"] = "Карта *5512: покупка 1 249.00 RUB, PRODUKTY 7719. Доступно 12 048.33 RUB. Заказ 48211934 готов, пункт на Ленина, 14. "
            + "Хранение до 17.05, тел. 89021234567",
        ["words"] = "Здравствуйте! Напоминаем вам о записи к врачу в понедельник утром, просим не опаздывать и взять с собой паспорт и "
            + "полис. Если не сможете прийти, скажите нам",
        ["candidates"] = string.Concat(Enumerable.Repeat("код 12345 ", 16)),
    };

    private string text = "";

    [Params("code", "notice", "words", "candidates")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup() => text = Texts[Text];

    [Benchmark]
    public bool Find() => OneTimeCode.Find(text) is not null;
}
