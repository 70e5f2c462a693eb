// Builds the page and puts its files where the gateway and the sandbox serve them. With --verify it compares instead: what is
// committed has to be what the sources give, byte for byte.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const gatewayFolder = join(project, "../WebSmsGateway/Inbox/Page");
const sandboxFolder = join(project, "../WebSmsGateway.Sandbox/Inbox/Page");

/** The files below a folder: from their path to their bytes. */
function read(folder) {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), "inbox-"));
try {
  await build({ root: project, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  const built = [...read(folder)];
  const ofSandbox = ([name]) => /^inbox\/sandbox-/.test(name);
  const places = [
    [gatewayFolder, new Map(built.filter((file) => !ofSandbox(file)))],
    [sandboxFolder, new Map(built.filter(ofSandbox))],
  ];
  if (process.argv.includes("--verify")) {
    const faults = places.flatMap(([place, files]) => differences(place, read(place), files));
    if (faults.length > 0) {
      console.error(`${faults.join("\n")}\nRun npm run build in src/WebSmsGateway.Inbox, and commit what it makes.`);
      process.exitCode = 1;
    } else {
      console.log("The committed files of the page are what its sources give.");
    }
  } else {
    for (const [place, files] of places) write(place, files);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function differences(place, committed, files) {
  const names = new Set([...committed.keys(), ...files.keys()]);
  return [...names]
    .filter((name) => !committed.get(name)?.equals(files.get(name) ?? Buffer.alloc(0)))
    .map((name) => `${relative(process.cwd(), join(place, name))} differs from a rebuild`);
}

function write(place, files) {
  rmSync(place, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), bytes);
    console.log(`${relative(process.cwd(), join(place, name))}  ${bytes.length}`);
  }
}
