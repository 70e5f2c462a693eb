import { isCovered } from "../state/cover";
import { session } from "../state/session";
import { close, move, open, selected } from "../state/selection";
import { route } from "../state/route";
import { copyNewestCode } from "./CopyCode";
import { isHelpOpen } from "./Help";
import { isDrawerOpen } from "./Inbox";
import { firstVisible } from "./MessageRows";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isCheck(target)));

const isCheck = (target: HTMLElement): boolean => /^(?:checkbox|radio)$/.test(target.getAttribute("type") ?? "");

function search(): void {
  const field = document.querySelector<HTMLInputElement>(".filters input[name=text]");
  field?.focus();
  field?.select();
}

/** Goes back by one step: out of a field, out of the numbers, out of a message. */
function back(target: EventTarget | null): void {
  if (isDrawerOpen.value) isDrawerOpen.value = false;
  else if (isTyping(target) && target instanceof HTMLElement) target.blur();
  else close();
}

const actions: Readonly<Record<string, () => void>> = {
  j: () => move(1, firstVisible),
  k: () => move(-1, firstVisible),
  "/": search,
  c: copyNewestCode,
  m: () => (isCovered.value = !isCovered.value),
  "?": () => (isHelpOpen.value = true),
};

// The same keys of a Russian keyboard, so that nobody has to switch it.
const russian: Readonly<Record<string, string>> = { о: "j", л: "k", с: "c", ь: "m" };

/** Keys without modifiers only: those with Ctrl, Alt or Meta are the browser's. */
export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isOurs = session.value && !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
    if (!isOurs || event.defaultPrevented || isHelpOpen.value) return;
    if (key === "Escape") {
      back(target);
      return;
    }
    if (key === "Enter" && target === document.body && selected.value && !route.value.open) open(selected.value);
    const action = actions[russian[key] ?? key];
    if (!action || isTyping(target)) return;
    event.preventDefault();
    action();
  });
}
