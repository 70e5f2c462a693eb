import { h } from "preact";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { labelOf } from "../state/numbers";
import { route } from "../state/route";
import { formatPhone } from "../text/phone";
import { Detail } from "./Detail";
import { Filters } from "./Filters";
import { Help } from "./Help";
import { MessageRows } from "./MessageRows";
import { Icon } from "./parts";
import { Sidebar } from "./Sidebar";
import { Notices, Truth } from "./Truth";

/** On narrow screens the numbers lie over the list until one is chosen. */
export const isDrawerOpen = signal(false);

const wide = matchMedia("(min-width: 60rem)");
export const isWide = signal(wide.matches);
wide.addEventListener("change", () => (isWide.value = wide.matches));

export function Inbox() {
  const { number, open } = route.value;
  useEffect(() => {
    isDrawerOpen.value = false;
  }, [number]);
  const isListBehind = !isWide.value && (open !== undefined || isDrawerOpen.value);

  return (
    <div class="inbox">
      <Sidebar />
      <main class="list" inert={isListBehind}>
        <header class="bar">
          <button
            class="icon-button only-narrow"
            type="button"
            aria-expanded={isDrawerOpen.value}
            aria-label={t("openNumbers")}
            onClick={() => (isDrawerOpen.value = true)}
          >
            <Icon name="menu" />
          </button>
          <h1>
            {number ? (labelOf(number) ?? formatPhone(number)) : t("allNumbers")}
            {number && labelOf(number) && <small class="muted">{formatPhone(number)}</small>}
          </h1>
          <Truth />
        </header>
        <Filters />
        <Notices />
        <MessageRows />
      </main>
      {open && <Detail />}
      <Help />
    </div>
  );
}
