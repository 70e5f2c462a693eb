import { computed, effect, signal } from "@preact/signals";
import { getJson } from "../api/client";
import type { Message, RentedNumber } from "../api/types";
import { notifyOf } from "./notifications";
import { listKey, route } from "./route";
import { session, type Session } from "./session";

export const numbers = signal<readonly RentedNumber[]>([]);

/** How many messages of each number arrived and were not seen. */
export const unseen = signal<ReadonlyMap<string, number>>(new Map());
export const unseenCount = computed(() => [...unseen.value.values()].reduce((sum, count) => sum + count, 0));

/** Whether the newest messages of the list are in sight. */
export const isAtTop = signal(true);
const isHidden = signal(document.hidden);
document.addEventListener("visibilitychange", () => (isHidden.value = document.hidden));

export const labelOf = (number: string): string | null =>
  numbers.value.find((item) => item.number === number)?.label ?? null;

effect(() => {
  numbers.value = session.value?.numbers ?? [];
  unseen.value = new Map();
});

// What is in sight is seen: at the top of the list, in a page that is not hidden.
effect(() => {
  if (!listKey.value || isHidden.value || !isAtTop.value) return;
  const { number } = route.value;
  if (number === undefined) unseen.value = new Map();
  else if (unseen.value.has(number)) unseen.value = new Map([...unseen.value].filter(([other]) => other !== number));
});

export async function refreshNumbers(current: Session): Promise<void> {
  const { items } = await getJson<{ items: RentedNumber[] }>("rented-numbers", {}, current.credential, current.signal);
  numbers.value = items;
}

/** Counts a message that arrived. */
export function arrived(message: Message, isInList: boolean): void {
  const { rentedNumber, receivedAt } = message;
  const known = numbers.value.find((item) => item.number === rentedNumber);
  const before = known ?? { number: rentedNumber, label: null, messageCount: 0, lastMessageAt: null };
  const isLater = !before.lastMessageAt || Date.parse(receivedAt) > Date.parse(before.lastMessageAt);
  const after: RentedNumber = {
    ...before,
    messageCount: before.messageCount + 1,
    lastMessageAt: isLater ? receivedAt : before.lastMessageAt,
    ...(before.silent === undefined ? {} : { silent: false }),
  };
  numbers.value = known
    ? numbers.value.map((item) => (item === known ? after : item))
    : [...numbers.value, after].sort((one, other) => (one.number < other.number ? -1 : 1));
  if (isInList && isAtTop.value && !isHidden.value) return;
  unseen.value = new Map([...unseen.value, [rentedNumber, (unseen.value.get(rentedNumber) ?? 0) + 1]]);
  if (isHidden.value) notifyOf(unseenCount.value);
}
