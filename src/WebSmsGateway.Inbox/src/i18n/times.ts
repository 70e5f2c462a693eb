import { computed, signal } from "@preact/signals";
import { serverNow } from "../api/client";
import { settings } from "../settings";
import { locale } from "./index";

const tick = 10_000;

/** Now, by the gateway's clock. Ages follow it. */
export const now = signal(serverNow());
setInterval(() => {
  if (!document.hidden) now.value = serverNow();
}, tick);
document.addEventListener("visibilitychange", () => (now.value = serverNow()));

const format = (options: Intl.DateTimeFormatOptions) =>
  computed(() => new Intl.DateTimeFormat(locale.value, { timeZone: settings.zone, ...options }));

const clock = format({ hour: "2-digit", minute: "2-digit" });
const exact = format({ dateStyle: "long", timeStyle: "medium" });
const shortDay = format({ day: "numeric", month: "short" });
const zoneNames = format({ timeZoneName: "shortOffset" });
// Days are plain dates here, so no zone may move them.
const dayFormat = (options: Intl.DateTimeFormatOptions) =>
  format({ timeZone: "UTC", day: "numeric", month: "long", ...options });
const dayOfThisYear = dayFormat({ weekday: "long" });
const dayOfAnotherYear = dayFormat({ weekday: "long", year: "numeric" });
const date = dayFormat({ year: "numeric" });
const relative = computed(() => new Intl.RelativeTimeFormat(locale.value, { numeric: "auto", style: "short" }));

export const formatClock = (at: number): string => clock.value.format(at);
export const formatExact = (at: number): string => exact.value.format(at);
/** A day by its weekday, with the year where it is not this one. */
export const formatDay = (day: string): string =>
  (day.startsWith(`${new Date(serverNow()).getFullYear()}`) ? dayOfThisYear : dayOfAnotherYear).value.format(
    Date.parse(day),
  );
export const formatDate = (day: string): string => date.value.format(Date.parse(day));

/** The account's zone by its name, with its offset at a moment. */
export function zoneAt(at: number): string {
  const offset = zoneNames.value.formatToParts(at).find((part) => part.type === "timeZoneName")?.value;
  return offset ? `${settings.zone} (${offset})` : settings.zone;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ["second", 1_000, 60_000],
  ["minute", 60_000, 3_600_000],
  ["hour", 3_600_000, 24 * 3_600_000],
];

/** How long ago something was: within a day as an age, before that as a date. */
export function formatAge(at: number, reference: number): string {
  // The reference moves in steps, so what has just come may be ahead of it.
  const age = at - Math.max(reference, Math.min(at, reference + tick));
  const step = steps.find(([, , below]) => Math.abs(age) < below);
  return step ? relative.value.format(Math.trunc(age / step[1]), step[0]) : shortDay.value.format(at);
}
