import { signal } from "@preact/signals";

/** What a screen reader says, and what is shown for a moment. */
export const announcement = signal<{ readonly text: string; readonly id: number }>({ text: "", id: 0 });

const shownFor = 4000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  announcement.value = { text, id: announcement.value.id + 1 };
  clearTimeout(timer);
  timer = setTimeout(() => (announcement.value = { text: "", id: announcement.value.id }), shownFor);
}

/** Copies a text and says so. */
export async function copy(text: string, done: string, failed: string): Promise<void> {
  announce((await write(text)) ? done : failed);
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Browsers offer the clipboard over HTTPS only. This older way works without. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "off-screen";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  // It has no successor where there is no HTTPS.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
