import { describe, expect, it } from "vitest";
import { formatRoute, parseRoute } from "../src/state/route";

describe("routes", () => {
  it("come back from their addresses as they were", () => {
    const route = {
      number: "79021234567",
      sender: "Сбер & Co",
      text: "100% #код?",
      withCode: true,
      open: "20130311-7K3M9Q2X4C8N",
    };
    expect(parseRoute(formatRoute(route))).toEqual(route);
    expect(parseRoute(formatRoute({}))).toEqual({});
  });

  it("take nothing that is no number and no id", () => {
    for (const fragment of [
      "#/../../admin",
      "#/79021234567%2f..",
      "#/<script>",
      "#//evil.example",
      "#/7902/x?code=2",
    ]) {
      const { number, sender, text, withCode } = parseRoute(fragment);
      expect([number, sender, text, withCode]).toEqual([undefined, undefined, undefined, undefined]);
    }
    expect(parseRoute("#/79021234567/../secret").open).toBeUndefined();
  });

  it("take no credentials", () => {
    expect(parseRoute("#/all?ticket=stolen&key=x")).toEqual({});
  });
});
