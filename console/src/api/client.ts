// client.ts - the one way to the server's API, typed by spec/http-api.yaml
// (schema.d.ts is made from it by `npm run generate`).
//
// SPDX-License-Identifier: MIT
import createClient from "openapi-fetch";
import { renewal } from "./renewal.ts";
import type { components, paths } from "./schema";

export type Schema = components["schemas"];
export type Device = Schema["Device"];
export type Package = Schema["Package"];
export type Product = Schema["Product"];
export type Job = Schema["Job"];
export type Task = Schema["Task"];
export type TernEvent = Schema["Event"];

/** Says that our own page sent it: a foreign page cannot add a header to a
 * request that carries our cookie. The server wants it on every change. */
export const CONSOLE_HEADER = { "X-Tern-Console": "1" };

const SESSION_PATH = "/api/v1/session";

async function fetchWithSession(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  const aboutSession = new URL(request.url).pathname === SESSION_PATH;
  if (response.status !== 401 || aboutSession) return response;
  return (await renewal.ask()) ? fetch(again) : response;
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  headers: CONSOLE_HEADER,
  fetch: fetchWithSession,
});
