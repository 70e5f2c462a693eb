import { signal } from "@preact/signals";
import { plural, t } from "../i18n";

const place = "inbox.notifications";

/** Whether this browser can show notifications at all. */
export const canNotify = "Notification" in globalThis;
export const notifies = signal(
  canNotify && Notification.permission === "granted" && localStorage.getItem(place) === "on",
);

export async function setNotifications(on: boolean): Promise<void> {
  notifies.value = on && canNotify && (await Notification.requestPermission()) === "granted";
  localStorage.setItem(place, notifies.value ? "on" : "off");
}

/** Shows how many messages are new. Others may see the screen, so neither number nor text is in it. */
export function notifyOf(count: number): void {
  if (!notifies.value) return;
  try {
    const notification = new Notification(t("title"), { body: plural("newMessages", count), tag: "inbox" });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Some browsers of phones have the interface, and refuse to be called by a page.
    notifies.value = false;
  }
}
