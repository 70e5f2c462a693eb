import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Page } from "../src/api/types";
import { MessageList, trimAbove } from "../src/state/list";
import type { Route } from "../src/state/route";
import { json, messageAt, pageOf, timeAt } from "./messages";

const asked: URL[] = [];
let answer: (url: URL) => Response;
const now = (): number => Date.parse(timeAt(7200));

function listOf(route: Route = {}): MessageList {
  return new MessageList(route, { kind: "key", value: "secret" }, "Europe/Moscow", new AbortController().signal, now);
}

const idsOf = (list: MessageList) => list.messages.entries.map((entry) => entry.message.id.replace("20261126-", ""));
const load = (list: MessageList, coverFrom = 0, recent: Parameters<MessageList["loadHead"]>[1] = () => []) =>
  list.loadHead(() => coverFrom, recent);

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", (url: URL) => {
    asked.push(url);
    return Promise.resolve(answer(url));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A gateway that holds these pages behind cursors 1, 2 and so on. */
const gatewayOf =
  (...pages: Page[]) =>
  (url: URL) =>
    json(pages[Number(url.searchParams.get("cursor") ?? 0)]);

describe("MessageList", () => {
  it("reads history by cursor, and then the time before", async () => {
    answer = gatewayOf(pageOf([messageAt(9), messageAt(8)], { nextCursor: "1" }), pageOf([messageAt(7)]));
    const list = listOf({ number: "79021234567", sender: "Sberbank", withCode: true });
    await load(list);
    await list.loadOlder();
    answer = () => json(pageOf([]));
    await list.loadOlder();

    expect(idsOf(list)).toEqual(["9", "8", "7"]);
    expect(asked.map((url) => url.pathname)).toEqual(Array(3).fill("/rented-numbers/79021234567/messages"));
    expect(asked.map((url) => url.searchParams.get("hasCode"))).toEqual(["true", "true", "true"]);
    expect(
      asked.map((url) => [url.searchParams.get("from"), url.searchParams.get("to"), url.searchParams.get("cursor")]),
    ).toEqual([
      ["2026-11-20", null, null],
      ["2026-11-20", null, "1"],
      ["2026-10-23", "2026-11-19", null],
    ]);
  });

  it("looks back by itself for a year, and no further", async () => {
    answer = () => json(pageOf([]));
    const list = listOf();
    await load(list);
    for (let count = 0; list.looksOnByItself && count < 20; count++) await list.loadOlder();
    expect(asked.length).toBeLessThan(8);
    expect(list.lookedBackTo.value && list.lookedBackTo.value < "2025-11-26").toBe(true);
  });

  it("reads the newest page again until it covers the moment at which the stream began", async () => {
    vi.useFakeTimers({ now: now() });
    const pages = [
      pageOf([messageAt(1)], { completeUntil: timeAt(10) }),
      pageOf([messageAt(12), messageAt(1)], { completeUntil: timeAt(20) }),
    ];
    answer = () => json(pages.shift());
    const list = listOf();
    const loading = load(list, Date.parse(timeAt(15)), () => [messageAt(16)]);
    await vi.advanceTimersByTimeAsync(2000);
    await loading;
    expect(idsOf(list)).toEqual(["16", "12", "1"]);
  });

  it("reads the newest page for that while older ones are looked for, though there is no message at all", async () => {
    vi.useFakeTimers({ now: now() });
    const ofNow = () => asked.filter((url) => url.searchParams.get("to") === null);
    // A page of an earlier time is complete until its end, and no later.
    answer = (url) =>
      json(
        pageOf([], { completeUntil: url.searchParams.has("to") ? timeAt(0) : timeAt(ofNow().length > 2 ? 20 : 10) }),
      );
    const list = listOf();
    const loading = load(list, Date.parse(timeAt(15)));
    await vi.advanceTimersByTimeAsync(0);
    for (let count = 0; count < 3; count++) await list.loadOlder();
    expect(asked.length).toBe(4);
    await vi.advanceTimersByTimeAsync(5000);
    await loading;
    expect(ofNow().length).toBe(3);
    expect(list.head.value?.completeUntil).toBe(Date.parse(timeAt(20)));
    expect(list.lookedBackTo.value).toBe("2026-01-04");
  });

  it("can be asked for more as soon as it has changed", async () => {
    answer = () => json(pageOf([]));
    const list = listOf();
    const stop = list.content.subscribe(() => {
      if (list.looksOnByItself) queueMicrotask(() => void list.loadOlder());
    });
    await load(list);
    await vi.waitFor(() => expect(list.looksOnByItself).toBe(false));
    stop();
  });

  it("does not take an older page that was asked for before it began anew", async () => {
    answer = () => json(pageOf([messageAt(2)], { nextCursor: "1" }));
    const list = listOf();
    await load(list);
    let arrive = (): void => undefined;
    const late = new Promise<void>((resolve) => (arrive = resolve));
    vi.stubGlobal("fetch", async (url: URL) => {
      asked.push(url);
      const cursor = url.searchParams.get("cursor");
      if (cursor === "1") await late;
      return json(
        cursor === "1"
          ? pageOf([messageAt(1)])
          : cursor === "2"
            ? pageOf([messageAt(80)])
            : pageOf([messageAt(90)], { nextCursor: "2" }),
      );
    });
    const older = list.loadOlder();
    await load(list);
    arrive();
    await older;
    expect(idsOf(list)).toEqual(["90", "80"]);
  });

  it("begins anew where the newest page does not reach what it has", async () => {
    answer = () => json(pageOf([messageAt(2), messageAt(1)]));
    const list = listOf();
    await load(list);
    answer = () => json(pageOf([messageAt(90), messageAt(80)], { nextCursor: "1" }));
    await load(list);
    expect(idsOf(list)).toEqual(["90", "80"]);
    answer = () => json(pageOf([messageAt(2)]));
    await list.loadOlder();
    expect(asked.at(-1)?.searchParams.get("cursor")).toBe("1");
  });

  it("puts late messages in their place, and leaves those of unread history to it", async () => {
    answer = () => json(pageOf([messageAt(30), messageAt(10)], { nextCursor: "1" }));
    const list = listOf();
    await load(list);
    expect([list.arrive(messageAt(20)), list.arrive(messageAt(5)), list.arrive(messageAt(20))]).toEqual([1, -1, -1]);
    expect(idsOf(list)).toEqual(["30", "20", "10"]);
  });

  it("lets what is far below go, and reads it again without a gap", async () => {
    const items = Array.from({ length: trimAbove + 1 }, (_, index) => messageAt(trimAbove - index));
    answer = () => json(pageOf(items));
    const list = listOf();
    await load(list);
    list.trim();
    expect(list.messages.length).toBe(2000);
    answer = (url) => {
      const end = Date.parse(url.searchParams.get("to") ?? "");
      return json(pageOf(items.filter((item) => Date.parse(item.receivedAt) < end)));
    };
    await list.loadOlder();
    expect(list.messages.length).toBe(items.length);
  });

  it("asks for shorter ranges where the operator allows only those", async () => {
    answer = (url) =>
      url.searchParams.get("from") === "2026-11-26"
        ? json(pageOf([messageAt(1)]))
        : json({ code: "invalid-request", errors: { from: ["at most 1 day"] } }, 400);
    const list = listOf();
    await load(list);
    expect(idsOf(list)).toEqual(["1"]);
    expect(list.failure.value).toBeNull();
  });

  it("says why there is nothing, and forgets it when there is", async () => {
    answer = () => json({ code: "upstream-timeout" }, 504);
    const list = listOf();
    await load(list);
    expect(list.failure.value?.isOfUpstream).toBe(true);
    answer = () => json(pageOf([messageAt(1)]));
    await load(list);
    expect(list.failure.value).toBeNull();
  });

  it("reports each problem once", async () => {
    const problem = { day: "2026-11-26", reason: "answer-cut", count: 2 };
    answer = () => json(pageOf([], { problems: [problem, problem] }));
    const list = listOf();
    await load(list);
    list.report(problem);
    expect(list.problems.value).toEqual([problem]);
  });
});
