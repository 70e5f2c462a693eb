import { computed, effect, signal } from "@preact/signals";
import { texts } from "./texts";

type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };
export type Language = "en" | "ru";

type Texts = typeof texts;
type NamesOf<Kind> = { [Name in keyof Texts]: Texts[Name] extends readonly [Kind, Kind] ? Name : never }[keyof Texts];
export type TextName = NamesOf<string>;

const place = "inbox.language";
const languages: readonly Language[] = ["en", "ru"];

/** The language that was chosen here, or else the browser's. */
export function preferred(kept: string | null, browser: readonly string[]): Language {
  if (kept === "en" || kept === "ru") return kept;
  return browser[0]?.toLowerCase().startsWith("ru") ? "ru" : "en";
}

export const language = signal<Language>(preferred(localStorage.getItem(place), navigator.languages));

/** Dates and counts as this browser's region writes them, if it speaks the language of the page. */
export const locale = computed(
  () => navigator.languages.find((one) => one.startsWith(language.value)) ?? language.value,
);
const rules = computed(() => new Intl.PluralRules(locale.value));
const count = computed(() => new Intl.NumberFormat(locale.value));

effect(() => {
  document.documentElement.lang = language.value;
});

export function choose(to: Language): void {
  language.value = to;
  localStorage.setItem(place, to);
}

const inLanguage = <Kind>(pair: readonly [Kind, Kind]): Kind => pair[languages.indexOf(language.value) as 0 | 1];

export type Values = Readonly<Record<string, string>>;

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);

/** A text in the language of the page. */
export const t = (name: TextName, values: Values = {}): string => filled(inLanguage(texts[name]), values);

export const hasText = (name: string): name is TextName => name in texts;

/** A text with a count, in the form that the count asks for. */
export function plural(name: NamesOf<Plural>, of: number): string {
  const forms: Plural = inLanguage<Plural>(texts[name]);
  return filled(forms[rules.value.select(of)] ?? forms.other, { count: formatCount(of) });
}

export const formatCount = (of: number): string => count.value.format(of);
