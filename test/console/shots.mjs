// shots.mjs - a picture of each page of the console at two widths, in both
// languages and both themes, for a person to look at. ./dev shots runs it.
// What can be measured is measured in pages.test.mjs.
//
// SPDX-License-Identifier: MIT
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, openPage, signIn } from "./browser.mjs";
import { openHouse, PRODUCT, until } from "./house.mjs";

const WIDTHS = [1280, 360];
const LOCALES = ["en-US", "zh-CN"];
const THEMES = ["light", "dark"];
const SLOW = 400; // bytes per second: under way for as long as we look

const folder = process.argv[2] ?? "build/shots";
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const house = await openHouse();
const browser = await openBrowser();

/** [name, path, what to press before the picture] */
const EMPTY = [["devices-empty", "/devices"], ["packages-empty", "/packages"]];
const DEVICE = `/devices/${PRODUCT}/dev-01`;
const FULL = [
  ["devices", "/devices"],
  ["device-after-failure", DEVICE],
  ["packages", "/packages"],
  ["package-verified", "/packages/1"],
  ["package-failed", "/packages/2"],
  ["package-verifying", "/packages/3"],
  ["package-new", "/packages/4"],
  ["verify", "/packages/4", '.page-head button'],
  ["upload", "/packages/new"],
  ["products", "/products"],
  ["product-settings", "/products", ".ant-table button"],
  ["menu", "/devices", ".tools button"],
  ["not-found", "/nowhere"],
];

async function shoot(page, name) {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function shootAll(pages) {
  for (const locale of LOCALES)
    for (const colorScheme of THEMES)
      for (const width of WIDTHS) {
        const options = { locale, colorScheme, viewport: { width, height: 800 } };
        const page = await openPage(browser, house, options);
        const end = `${width}-${locale.slice(0, 2)}-${colorScheme}`;
        await page.goto("/");
        await page.locator("#sign-in").waitFor();
        await shoot(page, `sign-in-${end}`);
        await signIn(page, house);
        for (const [name, path, press] of pages) {
          await page.goto(path);
          await page.getByRole("heading", { level: 1 }).waitFor();
          await page.locator(".ant-skeleton, .ant-spin").first().waitFor({ state: "detached" });
          if (press) await page.locator(press).first().click();
          await page.waitForTimeout(press ? 400 : 150); // it opens
          await shoot(page, `${name}-${end}`);
        }
        await page.context().close();
      }
}

function upload(file, version, name) {
  house.tern("package", "upload", PRODUCT, file, "--version", version, "--name", name);
}

function startVerify(id, from) {
  house.tern("package", "verify", id, "--device", "dev-01", "--source-version", from);
}

/** Not with --wait: the network of the device runs in this process. */
async function verify(id, from) {
  startVerify(id, from);
  const isOver = () => house.json("package", "show", id).state !== "VERIFYING";
  await until(isOver, `package ${id} is tried`);
}

async function furnish() {
  await house.addDevice("dev-01");
  await house.addDevice("dev-02", { on: false });
  upload(house.image("1.4.0"), "1.4.0", "spring release");
  upload(house.image("1.5.0", { key: "foreign" }), "1.5.0", "from somebody else");
  upload(house.image("1.5.0"), "1.5.0", "summer release");
  upload(house.image("1.6.0", { program: "hello-1.4.0" }), "1.6.0", "1.6.0");
  await verify(1, "1.3.0");
  await verify(2, "1.4.0");
  house.link.bytesPerSecond = SLOW;
  startVerify(3, "1.4.0");
}

try {
  await shootAll(EMPTY.slice(0, 1));
  house.tern("product", "create", "Thermostat", "--key", PRODUCT);
  await shootAll(EMPTY.slice(1));
  await furnish();
  await shootAll(FULL);
} finally {
  await browser.close();
  await house.close();
}
