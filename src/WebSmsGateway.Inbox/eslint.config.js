import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Hostile texts come into this page, so everything that makes markup or code out of text is refused here too.
const sinks = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc", "dangerouslySetInnerHTML"];

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}", "tests/**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...sinks.map((name) => ({
          selector: `:matches(Identifier, JSXIdentifier)[name="${name}"]`,
          message: `${name} makes markup out of text.`,
        })),
      ],
      "no-restricted-globals": ["error", "eval", "Function", "XMLHttpRequest", "WebSocket", "EventSource"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An empty text is no text.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["scripts/**/*.mjs", "*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", Buffer: "readonly" } },
  },
);
