import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MessageStream, silenceLimit, type StreamListener } from "../src/api/stream";
import { json } from "./messages";

let requests: { url: URL; headers: Record<string, string>; connection: Connection }[] = [];
let refuse: (() => Response | null) | undefined;

/** The gateway's end of a stream. */
class Connection {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.controller = controller) });

  send(text: string): void {
    this.controller?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.controller?.close();
  }

  cut(fault: Error): void {
    this.controller?.error(fault);
  }
}

function follow() {
  const life = new AbortController();
  const seen: string[] = [];
  const listener: StreamListener = {
    opened: (_, resumed) => seen.push(resumed ? "resumed" : "opened"),
    event: (event) => seen.push(event.data || `place ${event.id ?? ""}`),
    lost: (failure) => seen.push(`lost ${failure.code}`),
    placeLost: () => seen.push("place lost"),
    ended: () => seen.push("ended"),
  };
  const stream = new MessageStream("messages/stream", { kind: "ticket", value: "t" }, listener, life.signal);
  const running = stream.run().catch(() => undefined);
  return { seen, stream, stop: () => (life.abort(), running) };
}

beforeEach(() => {
  requests = [];
  refuse = undefined;
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    const connection = new Connection();
    requests.push({ url, headers: init.headers as Record<string, string>, connection });
    init.signal?.addEventListener("abort", () => connection.cut(new DOMException("over", "AbortError")));
    const refused = refuse?.();
    if (refused === null) return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve(refused ?? new Response(connection.body, { headers: { Date: new Date().toUTCString() } }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

describe("MessageStream", () => {
  it("goes on behind the last event after any break", async () => {
    const { seen, stop } = follow();
    await settle();
    requests[0]?.connection.send(": \n\nid: a0\n\nevent: message\ndata: one\nid: a1\n\nevent: message\ndata: tw");
    await settle();
    requests[0]?.connection.end();
    await settle(6000);
    expect(requests[1]?.headers).toMatchObject({ "Last-Event-ID": "a1", Authorization: "Bearer t" });
    expect(seen).toEqual(["opened", "place a0", "one", "lost network", "resumed"]);
    await stop();
  });

  it("sends no credentials in the address", async () => {
    const { stop } = follow();
    await settle();
    expect(requests[0]?.url.search).toBe("");
    await stop();
  });

  it("notices within 20 seconds that nothing comes any more", async () => {
    const { seen, stop } = follow();
    await settle();
    requests[0]?.connection.send("id: a0\n\n");
    await settle(silenceLimit - 1000);
    expect(seen).not.toContain("lost network");
    await settle(1600);
    expect(seen).toContain("lost network");
    expect(silenceLimit + 600).toBeLessThan(20_000);
    await stop();
  });

  it("stays while heartbeats come", async () => {
    const { seen, stop } = follow();
    await settle();
    for (let count = 0; count < 10; count++) {
      requests[0]?.connection.send(": \n\n");
      await settle(15_000);
    }
    expect(seen).toEqual(["opened"]);
    await stop();
  });

  it("tries again at growing pauses, and at once when it is woken", async () => {
    refuse = () => null;
    const { stream, stop } = follow();
    await settle(60_000);
    expect(requests.length).toBeGreaterThan(8);
    expect(requests.length).toBeLessThan(30);
    const before = requests.length;
    stream.wake();
    await settle();
    expect(requests.length).toBe(before + 1);
    await stop();
  });

  it("waits as long as the gateway says", async () => {
    refuse = () => json({ code: "rate-limited" }, 429, { "Retry-After": "30" });
    const { stop } = follow();
    await settle(29_000);
    expect(requests.length).toBe(1);
    await settle(2000);
    expect(requests.length).toBe(2);
    await stop();
  });

  it("ends with its credentials", async () => {
    const { seen, stop } = follow();
    await settle();
    requests[0]?.connection.send('event: problem\ndata: {"code":"unauthenticated"}\n\n');
    await settle(60_000);
    expect(seen).toEqual(["opened", "ended"]);
    expect(requests.length).toBe(1);
    await stop();
  });

  it("begins anew where its place is not known any more", async () => {
    const { seen, stop } = follow();
    await settle();
    requests[0]?.connection.send("id: a0\n\n");
    await settle();
    refuse = () => json({ code: "invalid-request", errors: { "Last-Event-ID": ["…"] } }, 400);
    requests[0]?.connection.end();
    await settle(1000);
    refuse = undefined;
    await settle(6000);
    expect(seen).toEqual(["opened", "place a0", "lost network", "place lost", "lost invalid-request", "opened"]);
    expect(requests.at(-1)?.headers).not.toHaveProperty("Last-Event-ID");
    await stop();
  });
});
