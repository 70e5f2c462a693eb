import { effect, signal } from "@preact/signals";
import { Failure, getJson, isAbort } from "../api/client";
import type { Message } from "../api/types";
import { list } from "./live";
import { closed, go, route, type Route } from "./route";
import { session, type Session } from "./session";

/** The message that the keys have reached, and how often they asked for it to have the focus. */
export const selected = signal<string | null>(null);
export const focusRequests = signal(0);

/** The open message: from the list, or else asked for by its id. */
export const opened = signal<Message | null>(null);
export const openFault = signal<{ readonly key: string; readonly failure: Failure } | null>(null);

export function select(id: string): void {
  selected.value = id;
  focusRequests.value++;
}

/** Moves from message to message. An open one is followed by the next one. */
export function move(step: 1 | -1, firstVisible: () => string | undefined): void {
  const messages = list.value?.messages;
  if (!messages || messages.length === 0) return;
  const from = messages.indexOf(route.value.open ?? selected.value ?? "");
  const id = from < 0 ? firstVisible() : messages.entries[from + step]?.message.id;
  if (id === undefined) return;
  if (route.value.open) {
    selected.value = id;
    go({ ...route.value, open: id }, true);
  } else select(id);
}

export const open = (id: string): void => go({ ...route.value, open: id });

/** Goes back to the list, and to the row of the message that was open. */
export function close(): void {
  const { open: id } = route.value;
  if (!id) return;
  go(closed(route.value));
  select(id);
}

/** What is asked for: the same id in the messages of a number and of all numbers are two questions. */
export const keyOf = ({ number, open: id }: Route): string => `${number ?? ""}/${id ?? ""}`;

let asking = new AbortController();
let askedFor: string | null = null;

effect(() => {
  const { open: id } = route.value;
  const current = session.value;
  const messages = list.value?.content.value.messages;
  const known = id ? messages?.entries[messages.indexOf(id)]?.message : undefined;
  if (!id || !current || known) {
    asking.abort();
    askedFor = null;
    opened.value = known ?? null;
  } else if (askedFor !== keyOf(route.value)) void ask(route.value, id, current);
});

async function ask(from: Route, id: string, current: Session): Promise<void> {
  asking.abort();
  asking = new AbortController();
  [opened.value, askedFor] = [null, keyOf(from)];
  try {
    const path = from.number ? `rented-numbers/${from.number}/messages/${id}` : `messages/${id}`;
    opened.value = await getJson<Message>(
      path,
      {},
      current.credential,
      AbortSignal.any([asking.signal, current.signal]),
    );
  } catch (fault) {
    if (isAbort(fault)) return;
    if (!(fault instanceof Failure)) throw fault;
    openFault.value = { key: keyOf(from), failure: fault };
  }
}
