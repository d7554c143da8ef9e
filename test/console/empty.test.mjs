// empty.test.mjs - a server with nothing in it: each page tells the next step,
// and by clicks alone there is a product and a device.
//
// SPDX-License-Identifier: MIT
import { after, before, test } from "node:test";
import { eachPage, mustBeAccessible, mustBeGood, openBrowser, openPage, signIn } from "./browser.mjs";
import { openHouse, PRODUCT } from "./house.mjs";

let house, browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
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
};

test("sign_in_page_is_accessible_and_narrow", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(browser, house, { colorScheme, viewport: { width: 360, height: 800 } });
    await page.goto("/");
    await page.getByLabel("Admin secret").waitFor();
    await mustBeGood(page, `sign in, ${colorScheme}`);
  }
});

test("empty_pages_are_accessible_and_tell_the_next_step", async () => {
  await eachPage(browser, house, PAGES, {}, async (page, name) => {
    await mustBeGood(page, `empty ${name}`);
    await page.getByRole("button", { name: "Create a product" }).waitFor();
  });
});

test("empty_console_leads_by_clicks_to_a_device", async () => {
  const page = await openPage(browser, house);
  await signIn(page, house);
  await page.getByRole("button", { name: "Create a product" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Thermostat");
  await page.getByRole("dialog").getByLabel("Product key").fill(PRODUCT);
  await mustBeAccessible(page, "create a product");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Add a device" }).click();
  await page.getByLabel("Device name").fill("by-hand");
  await mustBeAccessible(page, "add a device");
  await page.keyboard.press("Enter");

  await page.getByText("by-hand is added").waitFor();
  await mustBeAccessible(page, "device is added");
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "by-hand" }).waitFor();
});
