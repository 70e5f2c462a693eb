import { expect, test } from "vitest";
import { saysOutage } from "../src/state/outage";

const now = Date.parse("2026-11-26T12:00:20+03:00");
const page = (second: number, stale = true) => ({ stale, completeUntil: `2026-11-26T12:00:${second}+03:00` });

test("a slow answer is no outage, and a silence of more than ten seconds is one", () => {
  expect(saysOutage(page(12), false, now)).toBe(false);
  expect(saysOutage(page(10), false, now)).toBe(false);
  expect(saysOutage({ stale: true, completeUntil: "2026-11-26T12:00:09+03:00" }, false, now)).toBe(true);
});

test("an outage that the stream reported goes on until a page is not stale", () => {
  expect(saysOutage(page(19), true, now)).toBe(true);
  expect(saysOutage(page(19, false), true, now)).toBe(false);
});
