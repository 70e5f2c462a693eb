import { computed, effect, signal } from "@preact/signals";
import { en } from "./en";
import { ru } from "./ru";

export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };
export type Texts = { readonly [Name in keyof typeof en]: (typeof en)[Name] extends string ? string : Plural };
export type Language = "en" | "ru";

type NamesOf<Kind> = { [Name in keyof Texts]: Texts[Name] extends Kind ? Name : never }[keyof Texts];
export type TextName = NamesOf<string>;

const place = "inbox.language";
const languages: Record<Language, Texts> = { en, ru };

/** The language that was chosen here, or else the browser's. */
export function preferred(kept: string | null, browser: readonly string[]): Language {
  if (kept === "en" || kept === "ru") return kept;
  return browser[0]?.toLowerCase().startsWith("ru") ? "ru" : "en";
}

export const language = signal<Language>(preferred(localStorage.getItem(place), navigator.languages));
const rules = computed(() => new Intl.PluralRules(language.value));
const count = computed(() => new Intl.NumberFormat(language.value));

effect(() => {
  document.documentElement.lang = language.value;
});

export function choose(to: Language): void {
  language.value = to;
  localStorage.setItem(place, to);
}

export type Values = Readonly<Record<string, string>>;

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);

/** A text in the language of the page. */
export const t = (name: TextName, values: Values = {}): string => filled(languages[language.value][name], values);

export const hasText = (name: string): name is TextName => typeof (en as Record<string, unknown>)[name] === "string";

/** A text with a count, in the form that the count asks for. */
export function plural(name: NamesOf<Plural>, of: number): string {
  const forms: Plural = languages[language.value][name];
  return filled(forms[rules.value.select(of)] ?? forms.other, { count: formatCount(of) });
}

export const formatCount = (of: number): string => count.value.format(of);
