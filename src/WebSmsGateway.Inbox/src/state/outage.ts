import type { Page } from "../api/types";

/** WEBSMS may be slow. What is older than this means that it fails. */
const slowAnswer = 10_000;

/** Whether a page says that WEBSMS fails. It is stale at once where the stream said so, and otherwise when no slow answer explains it. */
export const saysOutage = (page: Pick<Page, "stale" | "completeUntil">, isKnown: boolean, now: number): boolean =>
  page.stale && (isKnown || now - Date.parse(page.completeUntil) > slowAnswer);
