import { describe, expect, it } from "vitest";
import { EventParser } from "../src/api/events";

const stream =
  ': \n\nid: a1\n\nevent: message\ndata: {"id":"1"}\nid: a2\n\n: \n\nevent: problem\ndata: {"code":"x"}\n\n';
const events = [
  { event: "message", data: "", id: "a1" },
  { event: "message", data: '{"id":"1"}', id: "a2" },
  { event: "problem", data: '{"code":"x"}' },
];

describe("EventParser", () => {
  it("gives the same events however the stream is cut", () => {
    for (let length = 1; length <= stream.length; length++) {
      const parser = new EventParser();
      const given = [];
      for (let at = 0; at < stream.length; at += length) given.push(...parser.feed(stream.slice(at, at + length)));
      expect(given).toEqual(events);
    }
  });

  it("keeps an event that is not complete", () => {
    const parser = new EventParser();
    expect(parser.feed('event: message\ndata: {"id":"1"}\nid: a2\n')).toEqual([]);
    expect(parser.feed("\n")).toHaveLength(1);
  });
});
