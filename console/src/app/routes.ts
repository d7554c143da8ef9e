// routes.ts - which address shows what. The console and each page are files of
// their own for the browser, loaded when they are first wanted, or just before:
// loadAhead().
//
// SPDX-License-Identifier: MIT

export const loadConsole = () => import("./Console.tsx");

const DEVICES = () => import("../features/devices/DeviceList.tsx");

/** In an order in which the first that fits is right. */
export const ROUTES = [
  { path: "/devices", load: DEVICES },
  { path: "/devices/:productKey/:deviceName", load: () => import("../features/devices/DevicePage.tsx") },
  { path: "/packages", load: () => import("../features/packages/PackageList.tsx") },
  { path: "/packages/new", load: () => import("../features/packages/PackageUpload.tsx") },
  { path: "/packages/:id", load: () => import("../features/packages/PackagePage.tsx") },
  { path: "/products", load: () => import("../features/products/ProductList.tsx") },
];

function fits(route: string, address: string): boolean {
  const wanted = route.split("/");
  const parts = address.split("/");
  return (
    wanted.length === parts.length &&
    wanted.every((part, at) => part.startsWith(":") || part === parts[at])
  );
}

/** Asks for the console and the page at `address` at once, not one after the
 * other. What does not come will be asked for again by who needs it. */
export function loadAhead(address: string): void {
  const page = ROUTES.find(({ path }) => fits(path, address))?.load ?? DEVICES;
  for (const load of [loadConsole, page]) load().catch(() => undefined);
}
