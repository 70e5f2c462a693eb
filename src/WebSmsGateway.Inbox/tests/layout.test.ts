import { describe, expect, it } from "vitest";
import { Layout } from "../src/views/layout";

const row = 80;
const day = 40;
const entries = ["c", "c", "b", "a", "a", "a"].map((name) => ({ day: name }));

describe("Layout", () => {
  const layout = new Layout(entries, row, day);

  it("puts each row below those before it and below the name of its day", () => {
    expect(entries.map((_, index) => layout.topOf(index))).toEqual([40, 120, 240, 360, 440, 520]);
    expect(layout.height).toBe(6 * row + 3 * day);
  });

  it("finds the row at each height", () => {
    for (let index = 0; index < entries.length; index++) {
      expect(layout.indexAt(layout.topOf(index))).toBe(index);
      expect(layout.indexAt(layout.topOf(index) + row - 1)).toBe(index);
    }
    expect(layout.indexAt(-100)).toBe(0);
    expect(layout.indexAt(1e9)).toBe(5);
  });

  it("finds the days of which something is seen", () => {
    expect(layout.groupsBetween(130, 250).map((group) => group.day)).toEqual(["c", "b"]);
    expect(new Layout([], row, day).groupsBetween(0, 100)).toEqual([]);
  });
});
