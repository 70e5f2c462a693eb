import { h, Fragment, type ComponentChildren } from "preact";
import { choose, language, t } from "../i18n";
import { isCovered, shownId } from "../state/cover";
import { partsOf } from "../text/parts";

export function Brand() {
  return (
    <p class="brand">
      <Icon name="inbox" />
      {t("title")}
    </p>
  );
}

export function LanguageButton() {
  const other = language.value === "ru" ? "en" : "ru";
  return (
    <button class="quiet" lang={other} onClick={() => choose(other)} type="button">
      {t("language")}
    </button>
  );
}

const paths = {
  inbox: "M3 13h5l1.5 3h5L16 13h5M5 5h14l2 8v6H3v-6z",
  back: "M15 5l-7 7 7 7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4",
  up: "M6 14l6-6 6 6",
  quiet: "M12 4a6 6 0 0 0-6 6v4l-2 3h16l-2-3v-4a6 6 0 0 0-6-6zM10 20h4M4 4l16 16",
};

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** Something that is covered on screens that others see, until somebody points at it or asks for it. */
export function Covered({ id, children }: { readonly id: string; readonly children: ComponentChildren }) {
  return <span class={isCovered.value && shownId.value !== id ? "covered" : undefined}>{children}</span>;
}

/** A text from outside, as text nodes only. Invisible signs are marks; addresses are links only if `links` says so. */
export function Text({ text, links = false }: { readonly text: string; readonly links?: boolean }) {
  return (
    <>
      {partsOf(text).map((part, index) => {
        if (part.kind === "mark")
          return (
            <span class="mark" key={index}>
              {part.name}
            </span>
          );
        if (part.kind === "text" || !links) return part.text;
        return (
          <a
            href={part.address}
            key={index}
            rel="noopener noreferrer nofollow"
            target="_blank"
            referrerpolicy="no-referrer"
          >
            {part.text}
          </a>
        );
      })}
    </>
  );
}
