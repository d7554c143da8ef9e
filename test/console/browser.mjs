// browser.mjs - Debian's Chromium, driven; and what each page must be like.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { requireConsole } from "./load.mjs";

const { chromium } = requireConsole("playwright-core");
const AXE = readFileSync(requireConsole.resolve("axe-core/axe.min.js"), "utf8");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Nothing but our own server is ever asked for anything. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function openBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, chromiumSandbox: false });
}

/** A browser profile of its own with one page. What goes wrong in it is kept
 * in page.troubles: words on the console, requests to anybody else. */
export async function openPage(browser, house, { locale = "en-US", ...options } = {}) {
  const context = await browser.newContext({
    locale,
    baseURL: house.address,
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("console", (message) => {
    const expected = /Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === "error" && !expected) page.troubles.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(house.address) && !request.url().startsWith("data:"))
      page.troubles.push(`asked somebody else: ${request.url()}`);
  });
  return page;
}

/** The session's cookie, got as the sign-in page gets it; then `path`. */
export async function signIn(page, house, path = "/devices") {
  const answer = await page.request.post("/api/v1/session", {
    data: { secret: house.secret },
    headers: { "X-Tern-Console": "1" },
  });
  assert.equal(answer.status(), 200);
  await page.goto(path);
  await page.locator("[data-live=live]").waitFor();
}

/** No finding of axe-core, of any weight. */
export async function mustBeAccessible(page, name) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map((v) =>
    `${v.id}: ${v.help}\n  ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join("\n  ")}`);
  assert.deepEqual(found, [], `${name}:\n${found.join("\n")}`);
}

export async function mustFitTheWidth(page, name) {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(over <= 0, `${name} is ${over} pixels wider than the window`);
}

export async function mustBeGood(page, name) {
  await mustBeAccessible(page, name);
  await mustFitTheWidth(page, name);
}

/** Each of `pages` (name: path) in one window, once it has loaded. */
export async function eachPage(browser, house, pages, options, body) {
  const page = await openPage(browser, house, options);
  await signIn(page, house);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator(".ant-skeleton, .ant-spin").first().waitFor({ state: "detached" });
    await body(page, name);
  }
  assert.deepEqual(page.troubles, []);
}
