// load.mjs - a TypeScript module of the console, as an ordinary module: Node 18
// cannot read types. esbuild comes with vite.
//
// SPDX-License-Identifier: MIT
import { createRequire } from "node:module";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const requireConsole = createRequire(join(ROOT, "console/package.json"));
const requireVite = createRequire(requireConsole.resolve("vite"));

/** path: below console/src. */
export async function load(path) {
  const { build } = requireVite("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "tern-console-"));
  const outfile = join(folder, `${basename(path, ".ts")}.mjs`);
  await build({
    entryPoints: [join(ROOT, "console/src", path)],
    outfile,
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}
