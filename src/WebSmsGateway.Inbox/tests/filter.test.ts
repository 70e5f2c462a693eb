import { expect, it } from "vitest";
import { belongs } from "../src/state/filter";
import { messageAt } from "./messages";

it("decides as the gateway does which messages belong to a list", () => {
  const message = messageAt(1, { sender: "79161234567", text: "Ваш КОД", code: { value: "1", confidence: "high" } });
  expect(belongs(message, {})).toBe(true);
  expect(belongs(message, { number: "79021234567", sender: "+79161234567", text: "код", withCode: true })).toBe(true);
  expect(belongs(message, { number: "79020000000" })).toBe(false);
  expect(belongs(message, { sender: "7916123456" })).toBe(false);
  expect(belongs(message, { text: "пароль" })).toBe(false);
  expect(belongs(messageAt(1, { sender: "SberBank" }), { sender: "sberbank" })).toBe(true);
  expect(belongs(messageAt(1), { withCode: true })).toBe(false);
});
