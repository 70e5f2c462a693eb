import { useSignal } from "@preact/signals";
import { h, type TargetedEvent } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { closed, go, route } from "../state/route";
import { Icon } from "./parts";

const pause = 400;
let timer: ReturnType<typeof setTimeout> | undefined;

/** What narrows the list. A filter is part of the address as soon as the typing pauses. */
export function Filters() {
  const { sender, text, withCode } = route.value;
  const draft = useSignal({ sender: sender ?? "", text: text ?? "" });
  useEffect(() => {
    draft.value = { sender: sender ?? "", text: text ?? "" };
  }, [sender, text]);

  const apply = (): void => {
    clearTimeout(timer);
    const { sender, text } = draft.value;
    go({ ...closed(route.value), sender: sender.trim(), text: text.trim() }, true);
  };
  const input = (name: "sender" | "text") => (event: TargetedEvent<HTMLInputElement>) => {
    draft.value = { ...draft.value, [name]: event.currentTarget.value };
    clearTimeout(timer);
    timer = setTimeout(apply, pause);
  };
  const toggleCode = (): void => go({ ...closed(route.value), withCode: !withCode }, true);
  const field = (name: "sender" | "text", label: string, hint?: string) => (
    <input
      type="search"
      name={name}
      class={`by-${name}`}
      value={draft.value[name]}
      onInput={input(name)}
      aria-label={label}
      placeholder={label}
      title={hint}
      maxLength={name === "text" ? 1000 : 100}
      autocomplete="off"
      spellcheck={false}
    />
  );
  const isFiltered = Boolean(sender ?? text ?? withCode);

  return (
    <form
      class="filters"
      role="search"
      aria-label={t("filters")}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <span class="search">
        <Icon name="search" />
        {field("text", t("search"), t("search"))}
      </span>
      {field("sender", t("sender"), t("senderHint"))}
      <label class="chip">
        <input type="checkbox" checked={withCode === true} onChange={toggleCode} />
        <span>{t("withCode")}</span>
      </label>
      {isFiltered && (
        <button class="quiet" type="button" onClick={() => go({ number: route.value.number }, true)}>
          {t("clearFilters")}
        </button>
      )}
    </form>
  );
}
