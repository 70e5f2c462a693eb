/** A part of a hostile text: plain, an invisible sign that is shown as a mark, or something that looks like a web address. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mark"; readonly name: string }
  | { readonly kind: "link"; readonly text: string; readonly address: string };

// Signs that change the direction of what follows. The names are those of Unicode.
const directions: Readonly<Record<string, string>> = {
  "\u061c": "ALM",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
};

// Direction signs, control characters besides tab and line ends, other invisible signs that hide one text in another, and addresses.
// The zero-width joiners stay: emoji and some languages are made with them.
const special =
  // eslint-disable-next-line no-control-regex
  /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])|([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]|[\udb40][\udc00-\udc7f])|(https?:\/\/[^\s<>"'\u0000-\u0020\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f]{1,2000})/gi;

/** Splits a text. Only http and https become links; `javascript:` and everything else stays text. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(special)) {
    if (match.index > done) parts.push({ kind: "text", text: text.slice(done, match.index) });
    parts.push(...partOf(match));
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ kind: "text", text: text.slice(done) });
  return parts;
}

function partOf([all, direction, control, link]: RegExpMatchArray): Part[] {
  if (direction) return [{ kind: "mark", name: directions[direction] ?? "BIDI" }];
  if (control)
    return [{ kind: "mark", name: `U+${(control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` }];
  const [, text = "", end = ""] = /^(.*?)([.,;:!?)\]}»”…]*)$/.exec(link ?? all) ?? [];
  const address = webAddress(text);
  if (!address) return [{ kind: "text", text: all }];
  return [{ kind: "link", text, address }, ...(end ? [{ kind: "text", text: end } as const] : [])];
}

function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

const blockLength = 10_000;

/** Cuts a long text into blocks, at spaces where there are any: browsers lay out a paragraph of a megabyte for a minute. */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  for (let start = 0; start < text.length || start === 0;) {
    const block = text.slice(start, start + blockLength);
    const isLast = start + blockLength >= text.length;
    const space = block.search(/\s\S*$/);
    // A pair of surrogates stays together.
    const end = isLast
      ? block.length
      : space > blockLength / 2
        ? space + 1
        : block.replace(/[\ud800-\udbff]$/, "").length;
    blocks.push(block.slice(0, end));
    start += end || 1;
  }
  return blocks;
}

/** A text in one line, for a row: short, and with its marks as signs in brackets. */
export function preview(text: string, length = 280): string {
  const start = text.slice(0, length * 2).replace(/\s+/g, " ");
  return partsOf(start)
    .map((part) => (part.kind === "mark" ? `[${part.name}]` : part.text))
    .join("")
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, "");
}
