import { signal } from "@preact/signals";
import { Failure, getJson, isAbort, serverNow } from "../api/client";
import type { Credential, DayProblem, Message, Page } from "../api/types";
import { dayIn, daysBetween, firstWindow, shortened, windowBefore, windowBehind, type Day, type Window } from "./days";
import { belongs } from "./filter";
import { formatRoute, type Route } from "./route";
import { Sequence } from "./sequence";

const headLimit = 100;
const pageLimit = 200;
const shortestPause = 300;
const longestPause = 1500;

/** Above this count, messages that are far below what is seen are let go; they can be read again. */
export const trimAbove = 3000;
const trimTo = 2000;

/** More than this is let go even while somebody reads far below. */
export const mostMessages = 200_000;

/** So far back a list looks by itself while it has nothing to show. */
const lookBackDays = 366;
const mostProblems = 200;

/** A page, and the window that was asked for. */
type ReadPage = Page & { readonly window: Window };

/** The messages of one view: its newest page, older ones by cursor, and what arrives meanwhile. */
export class MessageList {
  readonly messages = new Sequence();
  /** The same messages, for those who follow their changes. */
  readonly content = signal({ messages: this.messages });
  readonly loading = signal(false);
  readonly failure = signal<Failure | null>(null);
  /** The day up to which history was read. */
  readonly lookedBackTo = signal<string | null>(null);
  readonly problems = signal<readonly DayProblem[]>([]);
  /** What the newest page says of itself; null until there is one. */
  readonly head = signal<{ readonly completeUntil: number; readonly stale: boolean } | null>(null);

  /** What was read of history, and where it goes on. */
  private window: Window;
  private cursor: string | undefined;
  private isWindowOver = false;
  /** Grows when history has to be read from another place. What is still on its way then is not taken. */
  private readings = 0;
  private headLoad: Promise<void> | undefined;
  private isReadingOlder = false;
  private loads = 0;
  private readonly life = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    readonly route: Route,
    private readonly credential: Credential | null,
    private readonly zone: string,
    private readonly session: AbortSignal,
    private readonly now: () => number = serverNow,
  ) {
    this.window = this.newest();
    this.signal = AbortSignal.any([session, this.life.signal]);
  }

  close(): void {
    this.life.abort();
  }

  belongsTo(session: AbortSignal, key: string): boolean {
    return session === this.session && key === formatRoute(this.route);
  }

  get isTrimmable(): boolean {
    return this.messages.length > trimAbove;
  }

  /** Whether older messages are looked for without being asked: not for more than a year into silence. */
  get looksOnByItself(): boolean {
    const reached = this.lookedBackTo.value;
    return !reached || !this.isWindowOver || daysBetween(reached, this.lastDay()) < lookBackDays;
  }

  /** Reads the newest page until it covers everything that was there at a moment. What arrives later comes by the stream. */
  loadHead(coverFrom: () => number, recent: () => readonly Message[]): Promise<void> {
    return (this.headLoad ??= this.guard(async () => {
      for (let wait = shortestPause; ; wait = Math.min(longestPause, wait * 2)) {
        const page = await this.read(this.newest(), undefined, headLimit);
        this.takeHead(page);
        for (const message of recent()) this.arrive(message);
        if (Date.parse(page.completeUntil) >= coverFrom() || page.stale) return;
        await pause(wait, this.signal);
      }
    }).finally(() => (this.headLoad = undefined)));
  }

  /** Reads the next older page. */
  async loadOlder(): Promise<void> {
    if (this.isReadingOlder || !this.head.value) return;
    this.isReadingOlder = true;
    await this.guard(async () => {
      try {
        for (;;) {
          const { readings } = this;
          const page = await (this.isWindowOver
            ? this.read(windowBefore(this.window), undefined, pageLimit)
            : this.read(this.window, this.cursor, pageLimit));
          if (readings !== this.readings) continue;
          this.takeOlder(page);
          return;
        }
      } finally {
        // At once: whoever sees the change may ask for more.
        this.isReadingOlder = false;
      }
    });
  }

  /** Takes a message that arrived, if it belongs here. A message from before the oldest one here comes with its page. */
  arrive(message: Message): number {
    const oldest = this.messages.entries.at(-1);
    const isOlder = oldest !== undefined && Date.parse(message.receivedAt) < oldest.at;
    if (!belongs(message, this.route) || (isOlder && !this.isWindowOver)) return -1;
    const place = this.messages.insert(message);
    if (place >= 0) this.changed();
    return place;
  }

  report(problem: DayProblem): void {
    const isKnown = this.problems.value.some((known) => keyOf(known) === keyOf(problem));
    if (!isKnown) this.problems.value = [...this.problems.value, problem].slice(-mostProblems);
  }

  /** Lets old messages go, so that a page that is open for days does not grow. Scrolling reads them again. */
  trim(): void {
    if (!this.isTrimmable) return;
    this.messages.cut(trimTo);
    const last = this.messages.entries[trimTo - 1];
    if (!last) return;
    this.window = windowBehind(last.day, last.at);
    this.cursor = undefined;
    this.isWindowOver = false;
    this.readings++;
    this.changed();
  }

  private changed(): void {
    this.content.value = { messages: this.messages };
  }

  private takeHead(page: ReadPage): void {
    // A page full of unknown messages leaves a gap between itself and what is known: the list begins anew.
    const overlaps = page.items.some((message) => this.messages.has(message.id));
    if (!this.head.value || (!overlaps && page.nextCursor !== null)) {
      this.messages.cut(0);
      this.readings++;
      this.takeOlder(page);
    } else {
      for (const message of page.items) this.messages.append(message);
      this.changed();
    }
    page.problems.forEach((problem) => this.report(problem));
    this.head.value = { completeUntil: Date.parse(page.completeUntil), stale: page.stale };
  }

  private takeOlder(page: ReadPage): void {
    for (const message of page.items) this.messages.append(message);
    page.problems.forEach((problem) => this.report(problem));
    this.window = page.window;
    this.cursor = page.nextCursor ?? undefined;
    this.isWindowOver = page.nextCursor === null;
    this.lookedBackTo.value = this.isWindowOver
      ? this.window.from
      : (page.items.at(-1)?.receivedAt.slice(0, 10) ?? this.window.from);
    this.changed();
  }

  private async read(window: Window, cursor: string | undefined, limit: number): Promise<ReadPage> {
    const { number, sender, text, withCode } = this.route;
    const path = number ? `rented-numbers/${number}/messages` : "messages";
    const filters = { sender, contains: text, hasCode: withCode ? "true" : undefined };
    try {
      const range = { from: window.from, to: window.to, cursor, limit: `${limit}` };
      return { ...(await getJson<Page>(path, { ...filters, ...range }, this.credential, this.signal)), window };
    } catch (fault) {
      const shorter = shortened(window, this.today());
      const isTooLong =
        fault instanceof Failure && (fault.problem.errors?.from ?? fault.problem.errors?.to) !== undefined;
      if (!isTooLong || cursor || !shorter) throw fault;
      return this.read(shorter, undefined, limit);
    }
  }

  private today(): Day {
    return dayIn(this.zone, this.now());
  }

  private newest(): Window {
    return firstWindow(this.today());
  }

  private lastDay(): string {
    return this.messages.entries.at(-1)?.day ?? this.today();
  }

  private async guard(load: () => Promise<void>): Promise<void> {
    this.loads++;
    this.loading.value = true;
    try {
      await load();
      this.failure.value = null;
    } catch (fault) {
      if (isAbort(fault)) return;
      if (!(fault instanceof Failure)) throw fault;
      this.failure.value = fault;
    } finally {
      this.loading.value = --this.loads > 0;
    }
  }
}

const keyOf = (problem: DayProblem): string => `${problem.day} ${problem.reason} ${problem.position ?? ""}`;

export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new DOMException("over", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
