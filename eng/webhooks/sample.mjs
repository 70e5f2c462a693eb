// Runs the TypeScript receiver of docs/webhooks.md as it is printed there.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import typescript from "typescript";

const here = new URL(".", import.meta.url);
const docs = readFileSync(new URL("../../docs/webhooks.md", here), "utf8");
const sample = /```typescript\n(.*?)```/s.exec(docs)[1];
const { outputText, diagnostics } = typescript.transpileModule(sample, {
  reportDiagnostics: true,
  compilerOptions: { module: "ESNext", target: "ES2022", strict: true },
});
if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.messageText).join("\n"));
const folder = new URL("node_modules/.sample/", here);
mkdirSync(folder, { recursive: true });
const file = new URL("receiver.mjs", folder);
writeFileSync(file, outputText);
await import(file);
console.log("listening");
