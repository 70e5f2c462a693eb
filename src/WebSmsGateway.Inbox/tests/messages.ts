import type { Message, Page } from "../src/api/types";

const start = Date.parse("2026-11-26T12:00:00+03:00");

/** A time of the account's zone, so many seconds after noon. */
export const timeAt = (seconds: number): string =>
  new Date(start + seconds * 1000 + 3 * 3_600_000).toISOString().replace(".000Z", "+03:00");

export const messageAt = (seconds: number, change: Partial<Message> = {}): Message => ({
  id: `20261126-${seconds}`,
  rentedNumber: "79021234567",
  sender: "Sberbank",
  receivedAt: timeAt(seconds),
  text: `Text ${seconds}`,
  ...change,
});

export const pageOf = (items: readonly Message[], change: Partial<Page> = {}): Page => ({
  items,
  nextCursor: null,
  completeUntil: timeAt(3600),
  stale: false,
  problems: [],
  ...change,
});

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });
