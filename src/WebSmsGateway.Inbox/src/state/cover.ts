import { signal } from "@preact/signals";
import { settings } from "../settings";

/** Whether texts and codes are covered until somebody points at them or asks for them. */
export const isCovered = signal(settings.masked);

/** The message whose text was asked for. */
export const shownId = signal<string | null>(null);
