import { h } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";

export const isHelpOpen = signal(false);

/** The keys of the page. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const keys: readonly (readonly [string, string])[] = [
    ["j k", t("keyNext")],
    ["Enter", t("keyOpen")],
    ["Esc", t("keyBack")],
    ["/", t("keySearch")],
    ["c", t("keyCopy")],
    ["m", t("keyCover")],
    ["?", t("keyHelp")],
  ];
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => (isHelpOpen.value = false)}>
      <h2 id="help-title">{t("help")}</h2>
      <dl>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <button class="primary" type="button" onClick={() => (isHelpOpen.value = false)}>
        {t("close")}
      </button>
    </dialog>
  );
}
