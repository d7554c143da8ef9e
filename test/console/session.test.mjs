// session.test.mjs - signing in and out, a session that ends in mid-form, and a
// server that goes away.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mustBeAccessible, openBrowser, openPage, signIn } from "./browser.mjs";
import { openHouse, PRODUCT, until } from "./house.mjs";

let house, browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  house.tern("product", "create", "Thermostat", "--key", PRODUCT);
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const endSession = (page) =>
  page.evaluate(() =>
    fetch("/api/v1/session", { method: "DELETE", headers: { "X-Tern-Console": "1" } }));

test("sign_in_with_the_admin_secret_opens_the_devices", async () => {
  const page = await openPage(browser, house);
  await page.goto("/");
  await page.getByLabel("Admin secret").fill(house.secret);
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Devices", level: 1 }).waitFor();
  const cookie = (await page.context().cookies()).find((c) => c.name === "tern_session");
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict");
  assert.deepEqual(page.troubles, []);
});

test("sign_in_with_a_wrong_secret_says_so_and_keeps_the_page", async () => {
  const page = await openPage(browser, house);
  await page.goto("/packages");
  await page.getByLabel("Admin secret").fill("tern_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();

  await page.getByText("The server does not know this secret.").waitFor();
  await page.getByLabel("Admin secret").fill(house.secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Packages", level: 1 }).waitFor();
});

test("session_that_ends_in_mid_form_asks_again_and_keeps_the_text", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house, "/packages/new");
  await page.getByLabel("File", { exact: true }).setInputFiles(house.image("1.4.0"));
  await page.getByText("Read from the image").waitFor();
  await page.getByLabel("Name").fill("spring release");

  await endSession(page);
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await dialog.waitFor();
  await mustBeAccessible(page, "sign in again");
  await dialog.getByLabel("Admin secret").fill(house.secret);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });

  assert.equal(await page.getByLabel("Name").inputValue(), "spring release");
  await page.locator("[data-live=live]").waitFor();
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("heading", { name: "Checks of the server" }).waitFor();
  await until(() => house.json("package", "list", PRODUCT).items.some(
    (p) => p.name === "spring release"), "the package is there");
});

test("request_that_meets_an_ended_session_is_sent_again_after_sign_in", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house, "/products");
  await page.getByRole("button", { name: "Create a product" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Kettle");
  await page.context().clearCookies(); // no event tells the page
  await page.getByRole("button", { name: "Create", exact: true }).click();

  const again = page.getByRole("dialog", { name: "Please sign in again" });
  await again.getByLabel("Admin secret").fill(house.secret);
  await again.getByRole("button", { name: "Sign in" }).click();

  await page.getByRole("dialog", { name: "Create a product" }).waitFor({ state: "hidden" });
  await page.getByRole("cell", { name: "Kettle", exact: true }).waitFor();
});

test("sign_out_leads_to_the_sign_in_page_and_ends_the_session", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);
  await page.getByRole("button", { name: "Settings and account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();

  await page.getByLabel("Admin secret").waitFor();
  assert.equal((await page.request.get("/api/v1/session")).status(), 401);
});

test("stream_of_a_restarted_server_resumes_and_says_so", async () => {
  const page = await openPage(browser, house);
  await house.addDevice("dev-r", { on: false });
  await signIn(page, house, `/devices/${PRODUCT}/dev-r`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await timeline.getByText("Device added").waitFor();

  await house.server.stop("SIGKILL");
  await page.locator("[data-live=reconnecting]").waitFor();
  await page.getByText("Reconnecting…").waitFor();
  await house.start();
  house.tern("device", "disable", PRODUCT, "dev-r"); // maybe before it is back
  await page.locator("[data-live=live]").waitFor();
  house.tern("device", "enable", PRODUCT, "dev-r");

  await timeline.getByText("Device enabled").waitFor();
  assert.equal(await timeline.getByText("Device disabled").count(), 1);
  assert.equal(await timeline.getByText("Device enabled").count(), 1);
});
