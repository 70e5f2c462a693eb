import { EventParser, type StreamEvent } from "./events";
import { Failure, isAbort, noAnswer, send } from "./client";
import type { Credential } from "./types";

/** Heartbeats come every 15 s. Without one for this long, the connection is lost, whatever the browser believes. */
export const silenceLimit = 18_500;

const longestPause = 5_000;

export interface StreamListener {
  /** The connection stands. `resumed`: it goes on behind the last event. */
  opened(at: number, resumed: boolean): void;
  event(event: StreamEvent): void;
  /** The connection does not stand, and is tried again. */
  lost(failure: Failure): void;
  /** The gateway does not know the place any more: what is shown has to be read anew. */
  placeLost(): void;
  /** The credentials have ended. */
  ended(failure: Failure): void;
}

/** Follows the stream of messages for as long as `signal` lets it, over any number of connections. */
export class MessageStream {
  private lastId: string | undefined;
  private failures = 0;
  private hurry: (() => void) | undefined;
  private check: (() => void) | undefined;

  constructor(
    private readonly path: string,
    private readonly credential: Credential | null,
    private readonly listener: StreamListener,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    for (;;) {
      const failure = await this.connect();
      this.signal.throwIfAborted();
      if (failure.code === "unauthenticated") {
        this.listener.ended(failure);
        return;
      }
      if (failure.code === "invalid-request" && this.lastId) {
        this.lastId = undefined;
        this.listener.placeLost();
      }
      this.listener.lost(failure);
      await this.pause(failure.retryAfter);
    }
  }

  /** Tries again at once, or looks at once whether heartbeats still come: the browser woke up or found a network. */
  wake(): void {
    this.hurry?.();
    this.check?.();
  }

  private async connect(): Promise<Failure> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.signal, over.signal]);
    let heard = Date.now();
    const watch = (): void => {
      if (Date.now() - heard >= silenceLimit) over.abort();
    };
    this.check = watch;
    const timer = setInterval(watch, 500);
    try {
      const response = await send(this.path, this.credential, {
        headers: { Accept: "text/event-stream", ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) },
        signal,
      });
      heard = Date.now();
      this.failures = 0;
      this.listener.opened(Date.parse(response.headers.get("Date") ?? "") || Date.now(), this.lastId !== undefined);
      return await this.read(response, () => (heard = Date.now()));
    } catch (fault) {
      return fault instanceof Failure
        ? fault
        : isAbort(fault) || fault instanceof TypeError
          ? noAnswer()
          : thrown(fault);
    } finally {
      clearInterval(timer);
      this.check = undefined;
      over.abort();
    }
  }

  private async read(response: Response, alive: () => void): Promise<Failure> {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return noAnswer();
      alive();
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
        if (event.event === "problem") {
          const problem = JSON.parse(event.data) as { code?: string };
          if (problem.code === "unauthenticated") return new Failure({ code: problem.code });
        }
        this.listener.event(event);
        // The place is kept when the event has been taken, so that none is lost between the two.
        if (event.id !== undefined) this.lastId = event.id;
      }
    }
  }

  private pause(seconds: number | undefined): Promise<void> {
    const usual = Math.min(longestPause, 500 * 2 ** this.failures++) * (0.75 + Math.random() / 2);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", end);
        this.hurry = undefined;
        resolve();
      };
      const timer = setTimeout(end, seconds ? Math.min(seconds * 1000, 60_000) : usual);
      this.signal.addEventListener("abort", end);
      this.hurry = end;
    });
  }
}

function thrown(fault: unknown): never {
  throw fault;
}
