import { h, type TargetedEvent } from "preact";
import { plural, t, formatCount } from "../i18n";
import { formatAge, now } from "../i18n/times";
import { settings } from "../settings";
import { isCovered } from "../state/cover";
import { canNotify, notifies, setNotifications } from "../state/notifications";
import { numbers, unseen, unseenCount } from "../state/numbers";
import { announce } from "../state/copying";
import { closed, formatRoute, route } from "../state/route";
import { signOut } from "../state/session";
import type { RentedNumber } from "../api/types";
import { formatPhone } from "../text/phone";
import { isHelpOpen } from "./Help";
import { isDrawerOpen, isWide } from "./Inbox";
import { Brand, Icon, LanguageButton } from "./parts";
import { SandboxPart } from "./SandboxPart";

export function Sidebar() {
  const isShown = isWide.value || isDrawerOpen.value;
  return (
    <aside class={isDrawerOpen.value ? "sidebar open" : "sidebar"} inert={!isShown}>
      <div class="row-of-two">
        <Brand />
        <button
          class="icon-button only-narrow"
          type="button"
          aria-label={t("closeNumbers")}
          onClick={() => (isDrawerOpen.value = false)}
        >
          <Icon name="close" />
        </button>
      </div>
      <nav aria-label={t("numbers")}>
        <ul class="numbers">
          <NumberLink count={unseenCount.value} />
          {numbers.value.map((item) => (
            <NumberLink key={item.number} item={item} count={unseen.value.get(item.number) ?? 0} />
          ))}
        </ul>
        {numbers.value.length === 0 && <p class="muted small">{t("noNumbers")}</p>}
      </nav>
      <Settings />
      {settings.sandboxKey !== undefined && <SandboxPart />}
    </aside>
  );
}

function NumberLink({ item, count }: { readonly item?: RentedNumber; readonly count: number }) {
  const target = { ...closed(route.value), number: item?.number };
  const isCurrent = route.value.number === item?.number;
  return (
    <li>
      <a
        href={formatRoute(target)}
        aria-current={isCurrent ? "page" : undefined}
        title={item ? plural("countOf7Days", item.messageCount) : undefined}
        onClick={() => (isDrawerOpen.value = false)}
      >
        <span class="name">{item ? (item.label ?? formatPhone(item.number)) : t("allNumbers")}</span>
        {item && (
          <span class="under muted">
            {[
              item.label && formatPhone(item.number),
              item.lastMessageAt && formatAge(Date.parse(item.lastMessageAt), now.value),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        )}
        {item?.silent && (
          <span class="quiet-mark" title={t("silentHint")}>
            <Icon name="quiet" />
            {t("silent")}
          </span>
        )}
        {count > 0 && (
          <span class="badge" aria-label={plural("newMessages", count)} role="img">
            {count > 999 ? "999+" : formatCount(count)}
          </span>
        )}
      </a>
    </li>
  );
}

function Settings() {
  const notify = async ({ currentTarget: box }: TargetedEvent<HTMLInputElement>): Promise<void> => {
    await setNotifications(box.checked);
    // The browser may not have allowed it.
    box.checked = notifies.value;
    if (Notification.permission === "denied") announce(t("notificationsOff"));
  };
  return (
    <footer class="settings" aria-label={t("settings")} role="group">
      <label class="check">
        <input type="checkbox" checked={isCovered.value} onChange={() => (isCovered.value = !isCovered.value)} />
        <span>{t("cover")}</span>
      </label>
      {canNotify && (
        <label class="check">
          <input type="checkbox" checked={notifies.value} onChange={(event) => void notify(event)} />
          <span>{t("notifications")}</span>
        </label>
      )}
      <div class="buttons">
        <button class="quiet" type="button" onClick={() => (isHelpOpen.value = true)}>
          {t("help")}
        </button>
        <LanguageButton />
        {!settings.anonymous && (
          <button class="quiet" type="button" onClick={() => signOut()}>
            {t("signOut")}
          </button>
        )}
      </div>
    </footer>
  );
}
