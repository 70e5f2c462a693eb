import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../api/types";
import { t } from "../i18n";
import { formatAge, formatClock, formatExact, now } from "../i18n/times";
import { lastArrived } from "../state/live";
import { labelOf } from "../state/numbers";
import { formatRoute, route } from "../state/route";
import { focusRequests, selected } from "../state/selection";
import { preview } from "../text/parts";
import { formatPhone } from "../text/phone";
import { CopyCode } from "./CopyCode";
import { Covered } from "./parts";

interface RowProps {
  readonly message: Message;
  readonly at: number;
  readonly top: number;
  /** Whether Tab reaches it; the keys move on from here. */
  readonly isCurrent: boolean;
}

/** One message in the list: its sender is a link that opens it, and the whole row is the link's area. */
export function Row({ message, at, top, isCurrent }: RowProps) {
  const link = useRef<HTMLAnchorElement>(null);
  const { id, sender, rentedNumber, text, code } = message;
  const isSelected = selected.value === id;
  const request = isSelected ? focusRequests.value : 0;
  useLayoutEffect(() => {
    if (request > 0) link.current?.focus({ preventScroll: true });
  }, [request]);
  const names = [
    "row",
    route.value.open === id && "open",
    isSelected && "selected",
    lastArrived.value === id && "fresh",
  ];

  return (
    <article class={names.filter(Boolean).join(" ")} style={{ top: `${top}px` }}>
      <p class="line">
        <a
          ref={link}
          class="from"
          href={formatRoute({ ...route.value, open: id })}
          aria-current={route.value.open === id ? "true" : undefined}
          tabIndex={isCurrent ? 0 : -1}
          data-id={id}
          onClick={() => (selected.value = id)}
        >
          <bdi>{preview(formatPhone(sender), 60)}</bdi>
        </a>
        {!route.value.number && <span class="to muted">{labelOf(rentedNumber) ?? formatPhone(rentedNumber)}</span>}
        <time dateTime={message.receivedAt} title={formatExact(at)} class="muted">
          {formatClock(at)} <span class="age">{formatAge(at, now.value)}</span>
        </time>
      </p>
      <p class="excerpt" dir="auto">
        {text === undefined ? (
          <em class="muted">{t("noText")}</em>
        ) : (
          <Covered id={id}>{preview(text) || t("emptyMessage")}</Covered>
        )}
      </p>
      {code && <CopyCode message={message} code={code} tabIndex={isCurrent ? 0 : -1} />}
    </article>
  );
}
