import { h, Fragment } from "preact";
import { hasText, plural, t } from "../i18n";
import { formatAge, formatClock, formatDay, now } from "../i18n/times";
import type { DayProblem } from "../api/types";
import { list, lostSince, outage, truth } from "../state/live";

/** In one word what the page may claim about what it shows. */
export function Truth() {
  return (
    <p class={`truth ${truth.value}`} role="status">
      <span class="dot" aria-hidden="true" />
      {t(`truth.${truth.value}`)}
    </p>
  );
}

const timeAndAge = (at: number): string => `${formatClock(at)} (${formatAge(at, now.value)})`;

/** What is wrong, since when, and what becomes of it. */
export function Notices() {
  const problems = list.value?.problems.value ?? [];
  const { code, completeUntil } = outage.value ?? {};
  return (
    <>
      {truth.value === "lost" && (
        <div class="notice bad">
          <strong>{t("lostTitle")}</strong> {lostSince.value && t("lostSince", { time: timeAndAge(lostSince.value) })}
        </div>
      )}
      {truth.value === "stale" && (
        <div class="notice warning">
          <strong>{t("staleTitle")}</strong>{" "}
          {completeUntil ? t("staleSince", { time: timeAndAge(completeUntil) }) : t("staleUnknown")}{" "}
          {code && (
            <a href={`problems/${code}`} target="_blank" rel="noopener noreferrer">
              {t("whatItMeans")}
            </a>
          )}
        </div>
      )}
      {problems.length > 0 && (
        <details class="notice">
          <summary>
            {t("uncertain")} <span class="muted">{plural("notices", problems.length)}</span>
          </summary>
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.day}${problem.reason}${problem.position ?? ""}`}>{problemText(problem)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function problemText({ day, reason, more, count = more }: DayProblem): string {
  const name = `reason.${reason}`;
  return `${formatDay(day)}: ${hasText(name) ? t(name) : reason}${count === undefined ? "" : ` (${count})`}`;
}
