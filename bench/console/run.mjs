// run.mjs [--json FILE] - how large the console is, and how soon a person sees
// something: bytes that the first view loads (gzip, as they come over the wire)
// and milliseconds from the address to the list of devices, on loopback, with
// nothing kept in the browser. TERN_BIN and TERN_CONSOLE name other builds.
//
// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openBrowser, openPage, signIn } from "../../test/console/browser.mjs";
import { openHouse } from "../../test/console/house.mjs";
import { ROOT } from "../../test/console/load.mjs";

const RUNS = 5;
const FOLDER = process.env.TERN_CONSOLE ?? join(ROOT, "build/console");

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Everything that was built, each file as small as it is sent. */
function bundleBytes() {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|html|svg)$/.test(entry.name))
    .map((entry) => gzipSync(readFileSync(join(entry.parentPath ?? entry.path, entry.name))))
    .reduce((sum, bytes) => sum + bytes.length, 0);
}

/** What a browser loads and shows first: a profile of its own each time. */
async function firstView(browser, house, path, shown) {
  const page = await openPage(browser, house);
  if (path !== "/") await signIn(page, house);
  const cookies = await page.context().cookies();
  await page.context().close();

  const fresh = await openPage(browser, house);
  await fresh.context().addCookies(cookies);
  const began = performance.now();
  await fresh.goto(path, { waitUntil: "commit" });
  await fresh.locator(shown).first().waitFor();
  const ms = performance.now() - began;
  const bytes = await fresh.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter((entry) => !entry.name.includes("/api/"))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0));
  await fresh.context().close();
  return { ms, bytes };
}

async function measure() {
  const house = await openHouse();
  const browser = await openBrowser();
  const views = { "sign-in": [], devices: [] };
  try {
    for (let i = 0; i < RUNS; i++) {
      views["sign-in"].push(await firstView(browser, house, "/", "input[type=password]"));
      views.devices.push(await firstView(browser, house, "/devices", "[data-live=live]"));
    }
  } finally {
    await browser.close();
    await house.close();
  }
  return views;
}

const rows = { bundle_gzip_bytes: bundleBytes() };
for (const [name, runs] of Object.entries(await measure())) {
  rows[`${name}_first_view_ms`] = Math.round(median(runs.map((run) => run.ms)));
  rows[`${name}_first_view_bytes`] = median(runs.map((run) => run.bytes));
}
for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(28)} ${value}`);
const at = process.argv.indexOf("--json");
if (at > 0) writeFileSync(process.argv[at + 1], `${JSON.stringify(rows, null, 2)}\n`);
