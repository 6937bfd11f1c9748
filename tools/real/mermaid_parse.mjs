// Parses Mermaid files with Mermaid itself: node tools/real/mermaid_parse.mjs FILE...
// Needs `npm install mermaid jsdom`. Exits 1 if a file does not parse or is over Mermaid's own limits.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { JSDOM } = await load("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import(
  pathToFileURL(require.resolve("mermaid/dist/mermaid.core.mjs")).href
);
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const MOST_UNITS = 50_000;
let failures = 0;
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  try {
    if (text.length > MOST_UNITS) throw new Error(`${text.length} characters, more than ${MOST_UNITS}`);
    const { diagramType } = await mermaid.parse(text);
    console.log(`ok ${file}: ${diagramType}`);
  } catch (error) {
    failures += 1;
    console.error(`failed ${file}: ${error.message ?? error}`);
  }
}
console.log(`${process.argv.length - 2 - failures} passed, ${failures} failed`);
process.exit(failures > 0 ? 1 : 0);
