import { h } from "preact";
import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { formatDay, zoneAt } from "../i18n/times";
import { mostMessages } from "../state/list";
import { list } from "../state/live";
import { isAtTop, unseenCount } from "../state/numbers";
import { focusRequests, selected } from "../state/selection";
import { Layout } from "./layout";
import { ListEnd } from "./ListEnd";
import { Icon } from "./parts";
import { Row } from "./Row";

// In rem, as in the style sheet.
const rowHeight = 5.25;
const dayHeight = 2.5;
const overscan = 6;
const loadAhead = 1600;

const rem = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The row at the top of what is seen, for keys that have to begin somewhere. */
let topRow: string | undefined;
export const firstVisible = (): string | undefined => topRow;

/** The messages of the list, newest first. Only what is seen is in the page. */
export function MessageRows() {
  const box = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, height: 800, unit: rem() });
  // The message at the top edge, and how far it stands below it: it stays there when others come in above.
  const anchor = useRef<{ id: string; offset: number } | null>(null);
  const shown = list.value;
  const layout = useComputed(() => {
    const { unit } = view.value;
    return new Layout(list.value?.content.value.messages.entries ?? [], rowHeight * unit, dayHeight * unit);
  }).value;

  const measure = (): void => {
    const { current } = box;
    if (!current) return;
    const { scrollTop, clientHeight } = current;
    isAtTop.value = scrollTop < rem();
    const entries = list.peek()?.messages.entries ?? [];
    const index = layout.indexAt(scrollTop + layout.dayHeight);
    const id = entries[index]?.message.id;
    topRow = id;
    anchor.current = id && !isAtTop.value ? { id, offset: layout.topOf(index) - scrollTop } : null;
    const before = view.peek();
    if (before.top !== scrollTop || before.height !== clientHeight)
      view.value = { ...before, top: scrollTop, height: clientHeight };
  };

  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      if (view.peek().unit !== rem()) view.value = { ...view.peek(), unit: rem() };
      measure();
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    box.current?.scrollTo({ top: 0 });
    isAtTop.value = true;
    anchor.current = null;
  }, [shown]);

  useLayoutEffect(() => {
    const { current } = box;
    if (!current || !shown) return;
    if (anchor.current && shown.messages.length < mostMessages) {
      const index = shown.messages.indexOf(anchor.current.id);
      const top = layout.topOf(index) - anchor.current.offset;
      if (index >= 0 && Math.abs(top - current.scrollTop) > 1) current.scrollTop = top;
    } else if (isAtTop.peek() || anchor.current) {
      current.scrollTop = 0;
      shown.trim();
    }
    measure();
  }, [layout]);

  useLayoutEffect(() => {
    const { current } = box;
    const index = shown?.messages.indexOf(selected.value ?? "") ?? -1;
    if (!current || index < 0) return;
    const top = layout.topOf(index);
    const [first, last] = [top - layout.dayHeight, top + rowHeight * view.peek().unit];
    if (first < current.scrollTop) current.scrollTop = first;
    else if (last > current.scrollTop + current.clientHeight) current.scrollTop = last - current.clientHeight;
    measure();
  }, [focusRequests.value]);

  const { top, height } = view.value;
  const isNearEnd = top + height + loadAhead > layout.height;
  const mayLoad = shown?.head.value && !shown.failure.value && shown.looksOnByItself;
  useLayoutEffect(() => {
    if (isNearEnd && mayLoad) void shown.loadOlder();
  });

  const entries = shown?.messages.entries ?? [];
  const first = Math.max(0, layout.indexAt(top) - overscan);
  const last = Math.min(entries.length, layout.indexAt(top + height) + overscan + 1);
  const current =
    selected.value !== null && shown?.messages.has(selected.value) ? selected.value : entries[first]?.message.id;

  return (
    <div
      class="rows"
      ref={box}
      onScroll={measure}
      aria-busy={shown?.loading.value === true}
      aria-label={t("messages")}
      role="region"
      tabIndex={0}
    >
      <div class="canvas" style={{ height: `${layout.height}px` }}>
        {layout.groupsBetween(top - height, top + 2 * height).map((group, index, groups) => (
          <div
            key={group.day}
            class="day-group"
            style={{ top: `${group.top}px`, height: `${(groups[index + 1]?.top ?? layout.height) - group.top}px` }}
          >
            <h2 class="day">
              <span>{formatDay(group.day)}</span>
              <span class="muted">{zoneAt(entries[group.start]?.at ?? 0)}</span>
            </h2>
          </div>
        ))}
        {entries.slice(first, last).map((entry, index) => (
          <Row
            key={entry.message.id}
            message={entry.message}
            at={entry.at}
            top={layout.topOf(first + index)}
            isCurrent={entry.message.id === current}
          />
        ))}
      </div>
      <ListEnd />
      {!isAtTop.value && (
        <button class="jump" type="button" onClick={() => box.current?.scrollTo({ top: 0 })}>
          <Icon name="up" />
          {unseenCount.value > 0 ? `${t("jumpToNew")} (${unseenCount.value})` : t("jumpToNew")}
        </button>
      )}
    </div>
  );
}
