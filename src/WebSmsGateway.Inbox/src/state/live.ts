import { computed, effect, signal } from "@preact/signals";
import { Failure, getJson, ignoreAbort, isAbort, serverNow } from "../api/client";
import type { StreamEvent } from "../api/events";
import { MessageStream } from "../api/stream";
import type { DayProblem, Message, Page, Problem } from "../api/types";
import { settings } from "../settings";
import { MessageList, pause } from "./list";
import { arrived, refreshNumbers } from "./numbers";
import { saysOutage } from "./outage";
import { listKey, route, closed } from "./route";
import { end, perSession, session, type Session } from "./session";

/** The connection to the gateway. */
export type Connection = "connecting" | "open" | "catching-up" | "lost";

/** WEBSMS fails: what is shown is what was known at `completeUntil`. */
export interface Outage {
  readonly code: string | null;
  readonly completeUntil: number | null;
}

export const connection = signal<Connection>("connecting");
export const lostSince = signal<number | null>(null);
export const outage = signal<Outage | null>(null);
export const list = signal<MessageList | null>(null);
/** The id of the message that came last, which the list points out. */
export const lastArrived = signal<string | null>(null);

/** What the page may claim about what it shows, worst first. */
export const truth = computed(() => {
  if (connection.value === "lost") return "lost";
  if (outage.value) return "stale";
  if (connection.value === "connecting") return "connecting";
  return connection.value === "open" ? "live" : "catching-up";
});

const checkWhileWell = 15_000;
const checkWhileFailing = 3_000;
const mostRecent = 1000;

// What arrived lately, for lists that are made later: their first page may be a few seconds older than the last event.
let recent: Message[] = [];
let coverFrom = 0;
let check: (() => void) | undefined;

perSession((current) => {
  const stream = new MessageStream("messages/stream", current.credential, listenerOf(), current.signal);
  connection.value = "connecting";
  [lostSince.value, outage.value, recent, coverFrom] = [null, null, [], 0];
  stream.run().catch(ignoreAbort);
  void watchUpstream(current);
  const wake = (): void => {
    if (!document.hidden) stream.wake();
  };
  for (const target of [window, document]) {
    for (const name of ["online", "offline", "focus", "visibilitychange"]) {
      target.addEventListener(name, wake, { signal: current.signal });
    }
  }
});

effect(() => {
  const key = listKey.value;
  const current = session.value;
  const before = list.peek();
  if (current && before?.route && before.belongsTo(current.signal, key)) return;
  before?.close();
  list.value = current ? newList(current) : null;
  if (!current) recent = [];
});

/** Reads what is shown anew. */
export function reload(): void {
  const current = session.value;
  if (!current) return;
  list.value?.close();
  list.value = newList(current);
  check?.();
}

function newList(current: Session): MessageList {
  const made = new MessageList(closed(route.peek()), current.credential, settings.zone, current.signal);
  void load(made);
  return made;
}

async function load(made: MessageList): Promise<void> {
  await made.loadHead(
    () => coverFrom,
    () => recent,
  );
  if (made.failure.value?.code === "unauthenticated") end();
  if (made.failure.value?.isOfUpstream || made.head.value?.stale) check?.();
  caughtUp();
}

function listenerOf() {
  return {
    opened(at: number, resumed: boolean): void {
      connection.value = "catching-up";
      lostSince.value = null;
      // A stream without a place begins now. Everything from before has to be on a page: of a second later, because dates have no more.
      if (!resumed) coverFrom = at + 1000;
      const current = list.peek();
      if (current && (!resumed || current.failure.peek())) void load(current);
    },
    event(event: StreamEvent): void {
      if (event.event === "problem") takeProblem(JSON.parse(event.data) as Problem | DayProblem);
      else if (event.data !== "") take(JSON.parse(event.data) as Message);
      caughtUp();
    },
    lost(): void {
      if (connection.peek() !== "lost") lostSince.value = serverNow();
      connection.value = "lost";
    },
    placeLost: reload,
    ended: end,
  };
}

/** The stream has given everything up to now, and so have the pages. */
function caughtUp(): void {
  if (connection.peek() !== "catching-up") return;
  const [head, failure] = [list.peek()?.head.peek(), list.peek()?.failure.peek()];
  if (failure || (head && (head.stale || head.completeUntil >= coverFrom))) connection.value = "open";
}

function take(message: Message): void {
  recent.push(message);
  if (recent.length > mostRecent) recent = recent.slice(-mostRecent / 2);
  const current = list.peek();
  const place = current ? current.arrive(message) : -1;
  lastArrived.value = message.id;
  arrived(message, place >= 0);
}

function takeProblem(problem: Problem | DayProblem): void {
  if ("reason" in problem) list.peek()?.report(problem);
  else {
    outage.value = {
      code: problem.code,
      completeUntil: outage.peek()?.completeUntil ?? list.peek()?.head.peek()?.completeUntil ?? null,
    };
    check?.();
  }
}

/** Asks now and then whether WEBSMS answers: the stream says when an outage begins, and not when it ends. */
async function watchUpstream(current: Session): Promise<void> {
  let isStale = false;
  for (let checks = 1; !current.signal.aborted; checks++) {
    try {
      const isFailing = isStale || (outage.peek() ?? list.peek()?.failure.peek()?.isPassing);
      await Promise.race([
        pause(isFailing ? checkWhileFailing : checkWhileWell, current.signal),
        new Promise<void>((resolve) => (check = resolve)),
      ]);
      const page = await getJson<Page>("messages", { limit: "1" }, current.credential, current.signal);
      const failing = { code: outage.peek()?.code ?? null, completeUntil: Date.parse(page.completeUntil) };
      isStale = page.stale;
      outage.value = saysOutage(page, outage.peek() !== null, serverNow()) ? failing : null;
      const shown = list.peek();
      if (!page.stale && shown && (shown.failure.peek()?.isPassing || shown.head.peek()?.stale)) void load(shown);
      if (checks % 2 === 0) await refreshNumbers(current);
    } catch (fault) {
      if (isAbort(fault)) return;
      if (!(fault instanceof Failure)) throw fault;
      if (fault.code === "unauthenticated") end();
      if (fault.isOfUpstream) outage.value = { code: fault.code, completeUntil: outage.peek()?.completeUntil ?? null };
    }
  }
}
