// pages.test.mjs - each page: for axe-core in both themes, at 360 pixels, in
// Chinese with no English left, with commands that a shell can run, and with
// the keyboard alone.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { eachPage, mustBeGood, openBrowser, openPage, signIn } from "./browser.mjs";
import { openHouse, PRODUCT } from "./house.mjs";

let house, browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  house.tern("product", "create", "Thermostat", "--key", PRODUCT);
  house.tern("package", "upload", PRODUCT, house.image("1.4.0"), "--version", "1.4.0");
  await house.addDevice("dev-01");
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const PAGES = {
  devices: "/devices",
  packages: "/packages",
  products: "/products",
  upload: "/packages/new",
  device: `/devices/${PRODUCT}/dev-01`,
  package: "/packages/1",
  "not found": "/nowhere",
};

test("pages_are_accessible_at_each_width_and_theme", async () => {
  for (const colorScheme of ["light", "dark"])
    for (const width of [360, 1280])
      await eachPage(browser, house, PAGES, { colorScheme, viewport: { width, height: 800 } }, (page, name) =>
        mustBeGood(page, `${name}, ${colorScheme}, ${width}`));
});

test("verify_dialog_and_settings_are_accessible_and_narrow", async () => {
  const page = await openPage(browser, house, { viewport: { width: 360, height: 800 } });
  await signIn(page, house, "/packages/1");
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await mustBeGood(page, "verify");
  await page.goto("/products");
  await page.getByRole("button", { name: /^Settings of/ }).first().click();
  await page.getByRole("dialog").waitFor();
  await mustBeGood(page, "product settings");
});

/** Latin words that are no English: names, formats, what devices say. */
const NAMES = /^(Tern|MCUboot|PEM|KiB|MiB|SHA-?256|SHA256|MD5|Md5|Thermostat|English|by-hand|dev-\d+|a1Console|admin|default|tern-[\w./-]+|P-256|B)$/;

test("pages_in_chinese_have_no_english_left", async () => {
  await eachPage(browser, house, PAGES, { locale: "zh-CN" }, async (page, name) => {
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    const texts = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (!node.parentElement.closest("code, [lang=en], script, style"))
          found.push(node.textContent);
      return found;
    });
    const written = texts.join("\n")
      .replace(/\btern( [a-z-]+)+/g, "") // a command
      .replace(/\b0x[0-9a-f]+\b|\b[0-9a-f]{8}\b/g, ""); // a number, a key
    const words = written.match(/[A-Za-z][\w./-]*/g) ?? [];
    assert.deepEqual(words.filter((word) => !NAMES.test(word)), [], name);
  });
});

test("language_and_theme_that_were_chosen_stay", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);
  await page.getByRole("button", { name: "Settings and account" }).click();
  await page.getByText("中文").click();
  await page.getByTitle("深色").click();
  await page.reload();

  await page.getByRole("heading", { name: "设备", level: 1 }).waitFor();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

test("commands_on_the_pages_run", async () => {
  await eachPage(browser, house, PAGES, {}, async (page, name) => {
    for (const line of await page.locator(".command code").allInnerTexts()) {
      const runs = line.replace(" --follow", "").replace(" FILE ", ` ${house.image("1.5.0")} `)
        .replace("VERSION", "1.5.0");
      execFileSync("sh", ["-c", runs], { env: house.environment(), stdio: "pipe" });
      assert.ok(runs.startsWith("tern "), `${name}: ${line}`);
    }
  });
});

test("command_of_the_verify_dialog_runs", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house, "/packages/1");
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Devices", { exact: true }).click();
  await page.locator(".ant-select-item-option", { hasText: "dev-01" }).last().click();
  const line = await dialog.locator(".command code").innerText();

  const runs = line.replace(" --wait", "");
  execFileSync("sh", ["-c", runs], { env: house.environment(), stdio: "pipe" });

  assert.equal(line, "tern package verify 1 --device dev-01 --timeout 30 --wait");
});

test("keyboard_alone_reaches_a_device", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);
  await page.getByRole("link", { name: "dev-01" }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("Enter");
  for (let i = 0; i < 20 && (await focused()) !== "dev-01"; i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "dev-01", level: 1 }).waitFor();
});

test("first_view_loads_nothing_that_is_not_compressed", async () => {
  const page = await openPage(browser, house);
  const answers = [];
  page.on("response", (response) => answers.push(response));
  await signIn(page, house);

  for (const answer of answers) {
    const { pathname } = new URL(answer.url());
    if (!/\.(js|css)$/.test(pathname)) continue;
    assert.equal(answer.headers()["content-encoding"], "gzip", pathname);
    assert.match(answer.headers()["cache-control"], /immutable/, pathname);
  }
  const policy = answers[0].headers()["content-security-policy"];
  assert.match(policy, /script-src 'self'(;|$)/);
});
