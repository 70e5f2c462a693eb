/** Calendar days as `YYYY-MM-DD`, always those of the account's zone. */
export type Day = string;

const length = 24 * 60 * 60 * 1000;

export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * length).toISOString().slice(0, 10);

export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / length);

/** The day of a moment in a zone: Swedish dates are written like that. */
export const dayIn = (zone: string, at: number): Day => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(at);

/** A window of history: from the start of a day to another moment, or to now. */
export interface Window {
  readonly from: Day;
  /** A day (through its end) or a moment (RFC 3339); undefined: now. */
  readonly to?: string;
  readonly days: number;
}

const firstLength = 7;
const longest = 180;

export const firstWindow = (today: Day): Window => ({ from: addDays(today, 1 - firstLength), days: firstLength });

/** The window before another one. They grow, so that a quiet year costs few requests. */
export function windowBefore(window: Window): Window {
  const days = Math.min(longest, window.days * 4);
  return { from: addDays(window.from, -days), to: addDays(window.from, -1), days };
}

/** The same window, shorter: the operator allows only short ranges. */
export function shortened(window: Window, today: Day): Window | null {
  if (window.days <= 1) return null;
  const days = Math.floor(window.days / 2);
  const last = window.to?.slice(0, 10) ?? today;
  return { ...window, from: addDays(last, 1 - days), days };
}

/** Where reading goes on after everything behind a message was let go. */
export const windowBehind = (day: Day, at: number): Window => ({
  from: addDays(day, -longest / 2),
  // The end is exclusive, and the rest of that second belongs to it.
  to: new Date(at + 1000).toISOString(),
  days: longest / 2,
});
