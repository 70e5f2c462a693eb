import { describe, expect, it } from "vitest";
import { addDays, dayIn, daysBetween, firstWindow, shortened, windowBefore, windowBehind } from "../src/state/days";

describe("days", () => {
  it("are those of the account's zone", () => {
    const evening = Date.parse("2026-11-25T22:30:00Z");
    expect(dayIn("Europe/Moscow", evening)).toBe("2026-11-26");
    expect(dayIn("America/New_York", evening)).toBe("2026-11-25");
  });

  it("are counted over months and leap years", () => {
    expect(addDays("2024-02-28", 2)).toBe("2024-03-01");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
  });
});

describe("windows", () => {
  it("follow each other without a gap", () => {
    let window = firstWindow("2026-11-26");
    expect(window.from).toBe("2026-11-20");
    for (let count = 0; count < 6; count++) {
      const before = windowBefore(window);
      expect(before.to).toBe(addDays(window.from, -1));
      expect(daysBetween(before.from, window.from)).toBe(before.days);
      window = before;
    }
    expect(window.days).toBe(180);
  });

  it("become shorter where ranges have to be, down to one day", () => {
    const lengths = [];
    for (
      let window = shortened(firstWindow("2026-11-26"), "2026-11-26");
      window;
      window = shortened(window, "2026-11-26")
    ) {
      lengths.push(window.from);
    }
    expect(lengths).toEqual(["2026-11-24", "2026-11-26"]);
  });

  it("include the second of the message behind which they begin", () => {
    expect(windowBehind("2026-11-26", Date.parse("2026-11-26T09:00:00Z")).to).toBe("2026-11-26T09:00:01.000Z");
  });
});
