import { describe, expect, it } from "vitest";
import { choose, plural, preferred, t } from "../src/i18n";
import { formatAge, formatClock, formatExact, zoneAt } from "../src/i18n/times";
import { texts } from "../src/i18n/texts";

describe("languages", () => {
  it("are the browser's, or what was chosen", () => {
    expect(preferred(null, ["ru-RU", "en"])).toBe("ru");
    expect(preferred(null, ["de", "ru"])).toBe("en");
    expect(preferred("en", ["ru"])).toBe("en");
    expect(preferred("fr", [])).toBe("en");
  });

  it("have the same places to fill in", () => {
    const places = (form: unknown) => [...JSON.stringify(form).matchAll(/\{\w+\}/g)].map(String).sort();
    for (const [name, [english, russian]] of Object.entries(texts)) {
      expect([...new Set(places(russian))], name).toEqual([...new Set(places(english))]);
    }
  });

  it("count as they have to", () => {
    choose("ru");
    expect([1, 2, 5, 11, 21, 1234].map((count) => plural("newMessages", count))).toEqual(
      [
        "1 новое сообщение",
        "2 новых сообщения",
        "5 новых сообщений",
        "11 новых сообщений",
        "21 новое сообщение",
        "1234 новых сообщения",
      ].map((text) => text.replace("1234", new Intl.NumberFormat("ru").format(1234))),
    );
    choose("en");
    expect([1, 2].map((count) => plural("newMessages", count))).toEqual(["1 new message", "2 new messages"]);
    expect(t("lookedBack", { day: "X" })).toBe("Looked back to X");
  });
});

describe("times", () => {
  const at = Date.parse("2013-03-11T12:09:01+04:00");

  it("are shown in the account's zone, which is named", () => {
    choose("ru");
    expect(formatClock(at)).toBe("12:09");
    expect(formatExact(at)).toContain("12:09:01");
    expect(zoneAt(at)).toBe("Europe/Moscow (GMT+4)");
  });

  it("are ages within a day and dates before, and never in the future by a step of the clock", () => {
    choose("en");
    expect(formatAge(at, at + 120_000)).toMatch(/^2 min/);
    expect(formatAge(at, at + 5 * 3_600_000)).toMatch(/^5 hr/);
    expect(formatAge(at, at + 48 * 3_600_000)).toMatch(/11/);
    expect(formatAge(at + 5000, at)).toBe("now");
  });
});
