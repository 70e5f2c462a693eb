import { describe, expect, it } from "vitest";
import { blocksOf, partsOf, preview } from "../src/text/parts";

const texts = (text: string) => partsOf(text).map((part) => (part.kind === "mark" ? `[${part.name}]` : part.text));

describe("partsOf", () => {
  it("shows signs of direction and hidden signs as marks", () => {
    expect(texts("a\u202eb\u2066c\u200bd\u0007e")).toEqual([
      "a",
      "[RLO]",
      "b",
      "[LRI]",
      "c",
      "[U+200B]",
      "d",
      "[U+0007]",
      "e",
    ]);
    expect(texts("\u{e0041}x")).toEqual(["[U+E0041]", "x"]);
  });

  it("leaves emoji, joined ones too, and texts from right to left as they are", () => {
    for (const text of ["👨‍👩‍👧 👍🏽", "שלום עולם", "می‌خواهم", "tab\tand\nline"]) expect(texts(text)).toEqual([text]);
  });

  it("makes links of web addresses only", () => {
    expect(partsOf("see https://example.com/a?b=1. Bye").filter((part) => part.kind === "link")).toEqual([
      { kind: "link", text: "https://example.com/a?b=1", address: "https://example.com/a?b=1" },
    ]);
    for (const text of [
      "javascript:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "file:///etc/passwd",
      "http://",
      "ht\u202etps://x.y",
    ]) {
      expect(partsOf(text).some((part) => part.kind === "link")).toBe(false);
    }
  });

  it("ends a link before a hidden sign and before what would be markup", () => {
    expect(texts('https://a.example/x\u202egnp.exe <b>"')).toEqual(["https://a.example/x", "[RLO]", 'gnp.exe <b>"']);
    expect(partsOf('https://a.example/"onclick="x')[0]).toMatchObject({ kind: "link", text: "https://a.example/" });
  });

  it("loses nothing of a text", () => {
    const text = "x https://e.example/), <script>alert(1)</script> https://[ bad";
    expect(texts(text).join("")).toBe(text);
  });

  it("takes a megabyte in a moment", () => {
    const parts = partsOf("https://".repeat(128 * 1024));
    expect(parts.length).toBeGreaterThan(0);
  });
});

describe("blocksOf", () => {
  it("loses nothing, cuts at spaces, and never within a sign", () => {
    for (const text of ["", "short", "word ".repeat(9000), `x${"👍".repeat(20_000)}`, "a".repeat(25_000)]) {
      const blocks = blocksOf(text);
      expect(blocks.join("")).toBe(text);
      expect(blocks.every((block) => block.length <= 10_000 && !/[\ud800-\udbff]$/.test(block))).toBe(true);
    }
    expect(blocksOf("word ".repeat(3000))[0]).toMatch(/ $/);
  });
});

describe("preview", () => {
  it("is one line, short, with marks, and never ends within a sign", () => {
    expect(preview("a\n\n b\u202ec")).toBe("a b[RLO]c");
    expect(preview("x".repeat(1000))).toHaveLength(280);
    expect(preview(`${"x".repeat(279)}👍`)).toBe("x".repeat(279));
  });
});
