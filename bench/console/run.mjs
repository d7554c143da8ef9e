// run.mjs [--json FILE] - how large the console is, and how soon a person sees
// something, beside a bare page of Ant Design in the same run (peer.mjs): a busy
// machine slows both, so the ratio is what to look at.
//
// Per view: milliseconds from the address to what is named in VIEWS; how many of
// them the page kept a processor busy; bytes as they come over the wire. On
// loopback, with nothing kept in the browser but who is signed in. TERN_BIN and
// TERN_CONSOLE name other builds.
//
// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openBrowser, openPage, signIn } from "../../test/console/browser.mjs";
import { openHouse, PRODUCT } from "../../test/console/house.mjs";
import { ROOT } from "../../test/console/load.mjs";
import { buildPeer } from "./peer.mjs";

const RUNS = 7;
const FOLDER = process.env.TERN_CONSOLE ?? join(ROOT, "build/console");
const PEER = "peer";
const VIEWS = {
  [PEER]: { path: "/", shown: ".ant-table-row" },
  "sign-in": { path: "/", shown: "input[type=password]" },
  devices: { path: "/devices", shown: ".ant-table-row", signedIn: true },
};

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

/** What a browser keeps of somebody who is signed in. */
async function stateOfSignedIn(browser, house) {
  const page = await openPage(browser, house);
  await signIn(page, house);
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

/** Milliseconds that the page's process has worked. */
async function busyMs(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
}

/** Bytes of what was there by then, as they were sent. */
function bytesUntil(page, ms) {
  return page.evaluate((until) =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter((entry) => !entry.name.includes("/api/") && entry.responseEnd <= until)
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0), ms);
}

async function firstView(browser, house, { path, shown }, storageState) {
  const page = await openPage(browser, house, { storageState });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  await page.goto(path, { waitUntil: "commit" });
  const seen = await page.waitForFunction(
    (selector) => document.querySelector(selector) && performance.now(), shown);
  const ms = await seen.jsonValue();
  const busy = await busyMs(cdp);
  const bytes = await bytesUntil(page, ms);
  await page.context().close();
  return { ms, busy, bytes };
}

async function measure(browser, house, peer) {
  const state = await stateOfSignedIn(browser, house);
  const runs = Object.fromEntries(Object.keys(VIEWS).map((name) => [name, []]));
  for (let i = 0; i < RUNS; i++)
    for (const [name, view] of Object.entries(VIEWS))
      runs[name].push(await firstView(browser, name === PEER ? peer : house, view,
        view.signedIn ? state : undefined));
  return runs;
}

function rowsOf(runs) {
  const rows = { bundle_gzip_bytes: bundleBytes() };
  const of = (name, what) => median(runs[name].map((run) => run[what]));
  for (const name of Object.keys(VIEWS)) {
    rows[`${name}_first_view_ms`] = Math.round(of(name, "ms"));
    rows[`${name}_busy_ms`] = Math.round(of(name, "busy"));
    rows[`${name}_first_view_bytes`] = of(name, "bytes");
    if (name === PEER) continue;
    rows[`${name}_ms_to_peer`] = Number((of(name, "ms") / of(PEER, "ms")).toFixed(2));
    rows[`${name}_busy_to_peer`] = Number((of(name, "busy") / of(PEER, "busy")).toFixed(2));
  }
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), "tern-peer-"));
await buildPeer(folder);
const houses = [await openHouse(), await openHouse({ console: folder })];
const [house] = houses;
house.tern("product", "create", "Thermostat", "--key", PRODUCT);
await house.addDevice("dev-01", { on: false });
const browser = await openBrowser();
try {
  const rows = rowsOf(await measure(browser, ...houses));
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(28)} ${value}`);
  const at = process.argv.indexOf("--json");
  if (at > 0) writeFileSync(process.argv[at + 1], `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  await browser.close();
  for (const each of houses) await each.close();
}
