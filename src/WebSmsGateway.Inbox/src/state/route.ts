import { computed, signal } from "@preact/signals";

/** What is looked at. It stands in the fragment of the address, which browsers send to nobody, so numbers and searches reach no log. */
export interface Route {
  readonly number?: string | undefined;
  readonly sender?: string | undefined;
  readonly text?: string | undefined;
  readonly withCode?: boolean | undefined;
  /** The id of the open message. */
  readonly open?: string | undefined;
}

const numberForm = /^7\d{10}$/;
const idForm = /^[\w-]{1,64}$/;
const all = "all";

export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?", 2);
  const [number = "", open = ""] = path.split("/");
  const given = new URLSearchParams(query);
  return {
    number: numberForm.test(number) ? number : undefined,
    open: idForm.test(open) ? open : undefined,
    sender: given.get("sender")?.trim() || undefined,
    text: given.get("text")?.trim() || undefined,
    withCode: given.get("code") === "1" || undefined,
  };
}

export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.sender) query.set("sender", route.sender);
  if (route.text) query.set("text", route.text);
  if (route.withCode) query.set("code", "1");
  const path = (route.number ?? all) + (route.open ? `/${route.open}` : "");
  return `#/${path}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

export const route = signal(parseRoute(location.hash));

/** What the list shows, in one text: two routes that differ only in the open message show the same list. */
export const listKey = computed(() => formatRoute(closed(route.value)));

/** The route without its open message. */
export const closed = (from: Route): Route => ({ ...from, open: undefined });

export function go(to: Route, replace = false): void {
  const address = formatRoute(to);
  if (address !== location.hash) {
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  }
  route.value = parseRoute(address);
}

addEventListener("hashchange", () => (route.value = parseRoute(location.hash)));
addEventListener("popstate", () => (route.value = parseRoute(location.hash)));
