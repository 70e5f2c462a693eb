import { describe, expect, it } from "vitest";
import { Sequence } from "../src/state/sequence";
import { messageAt } from "./messages";

const idsOf = (sequence: Sequence) => sequence.entries.map((entry) => entry.message.id.replace("20261126-", ""));

describe("Sequence", () => {
  it("holds each message once, newest first", () => {
    const sequence = new Sequence();
    for (const seconds of [5, 1, 9, 5, 3]) sequence.insert(messageAt(seconds));
    expect(idsOf(sequence)).toEqual(["9", "5", "3", "1"]);
  });

  it("puts what came later above, and what a page gives later below, within one second", () => {
    const sequence = new Sequence();
    for (const id of ["a", "b"]) sequence.append(messageAt(1, { id }));
    sequence.insert(messageAt(1, { id: "new" }));
    expect(idsOf(sequence)).toEqual(["new", "a", "b"]);
  });

  it("takes back what it let go", () => {
    const sequence = new Sequence();
    for (const seconds of [3, 2, 1]) sequence.append(messageAt(seconds));
    sequence.cut(1);
    expect(sequence.has("20261126-1")).toBe(false);
    sequence.append(messageAt(2));
    expect(idsOf(sequence)).toEqual(["3", "2"]);
  });
});
