// path.test.mjs - the console's first path with the mouse: a package is
// uploaded, tried on a device, watched, and verified; another one fails and
// says why.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { mustBeAccessible, mustFitTheWidth, openBrowser, openPage, signIn } from "./browser.mjs";
import { openHouse, PRODUCT } from "./house.mjs";

const SLOW = 30_000; // bytes per second: an update of some 3 seconds
const PHASES = ["Pushed", "Downloaded", "Written and verified", "Reset", "Trial boot", "Confirmed"];

let house, browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  house.tern("product", "create", "Thermostat", "--key", PRODUCT);
  await house.addDevice("dev-01");
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function upload(page, file) {
  await page.goto("/packages/new");
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await page.getByText("Read from the image").waitFor();
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("heading", { name: "Checks of the server" }).waitFor();
}

async function verify(page, from) {
  await page.getByRole("button", { name: /^Verify/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Source versions").fill(from);
  await page.keyboard.press("Enter");
  await dialog.getByLabel("Devices", { exact: true }).click();
  await page.locator(".ant-select-item-option", { hasText: "dev-01" }).last().click();
  await page.keyboard.press("Escape"); // the list of devices
  await dialog.getByRole("button", { name: "Start" }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** Each different text of the step under way, in the order it was seen. */
async function watchSteps(page) {
  const seen = [];
  await page.exposeFunction("ternSaw", (text) => {
    if (seen.at(-1) !== text) seen.push(text);
  });
  await page.evaluate(() => {
    const look = () => {
      const current = document.querySelector('[aria-current="step"] .label');
      if (current) window.ternSaw(current.firstChild.textContent);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true, childList: true, characterData: true,
    });
  });
  return seen;
}

test("package_uploaded_and_verified_is_watched_from_push_to_confirmation", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);
  await page.getByRole("row", { name: /dev-01.*1\.3\.0.*Online/ }).waitFor();

  await upload(page, house.image("1.4.0"));
  await page.getByText("Not verified", { exact: true }).waitFor();
  assert.equal(await page.locator("[data-check]").count(), 5);
  const seen = await watchSteps(page);
  house.link.bytesPerSecond = SLOW;
  await verify(page, "1.3.0");
  await page.getByText("Verifying", { exact: true }).waitFor();
  await page.getByText(/^Downloading, [1-9]/).first().waitFor();
  await mustBeAccessible(page, "package while it is verified");
  await page.getByText("Verified", { exact: true }).waitFor({ timeout: 60_000 });
  house.link.bytesPerSecond = 0;

  const done = await page.locator(".steps li.done .label").allInnerTexts();
  assert.deepEqual(done.map((text) => text.split(",")[0].trim()), PHASES);
  const percents = seen.map((s) => /^Downloading, (\d+)/.exec(s)?.[1]).filter(Boolean);
  assert.ok(new Set(percents).size >= 3, `saw too little: ${seen}`);
  assert.deepEqual(percents, [...percents].sort((a, b) => a - b));
  assert.equal(house.json("package", "show", 1).state, "VERIFIED");
  assert.deepEqual(page.troubles, []);
});

test("device_page_tells_the_update_that_it_had", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house, `/devices/${PRODUCT}/dev-01`);

  const timeline = page.getByRole("region", { name: "Timeline" });
  await timeline.getByText("Update succeeded").waitFor();
  const kinds = await timeline.locator("li").evaluateAll((rows) =>
    rows.map((row) => row.dataset.kind).reverse());

  const story = ["device.inform", "task.pushed", "task.progress", "task.verified",
    "task.armed", "device.offline", "device.online", "task.trial", "device.inform", "task.state"];
  let at = 0;
  for (const kind of kinds) if (kind === story[at]) at++;
  assert.equal(at, story.length, `after ${story[at - 1]} no ${story[at]} in ${kinds}`);
  await mustBeAccessible(page, "device");
});

test("package_signed_with_a_foreign_key_fails_and_names_its_reason", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);

  await upload(page, house.image("1.5.0", { key: "foreign" }));
  await verify(page, "1.4.0");
  await page.getByText("Verification failed", { exact: true }).first().waitFor({ timeout: 60_000 });

  await page.getByText("signed with a key that this device does not trust").first().waitFor();
  await page.getByText("image refused: signed with a key that is not trusted").first().waitFor();
  await page.locator(".steps li.failed", { hasText: "Written and verified" }).waitFor();
  await mustBeAccessible(page, "failed package");
  await page.setViewportSize({ width: 360, height: 800 });
  await mustFitTheWidth(page, "failed package");
  assert.equal(house.json("device", "show", PRODUCT, "dev-01").version, "1.4.0");
});

test("package_that_the_server_refuses_shows_the_check_that_failed", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house, "/packages/new");
  const damaged = Buffer.from(readFileSync(house.image("1.4.0")));
  damaged[5000] ^= 1;

  await page.getByLabel("File", { exact: true }).setInputFiles(
    { name: "damaged.bin", mimeType: "application/octet-stream", buffer: damaged });
  await page.getByLabel("Version", { exact: true }).fill("1.4.0");
  await page.getByRole("button", { name: "Upload", exact: true }).click();

  await page.getByText("The server refused the file").waitFor();
  await page.locator("[data-check].failed").first().waitFor();
  assert.equal(await page.getByLabel("Version", { exact: true }).inputValue(), "1.4.0");
  await mustBeAccessible(page, "refused upload");
});
