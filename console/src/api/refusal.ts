// refusal.ts - what the server says when it does not do a thing.
//
// SPDX-License-Identifier: MIT
import type { Schema } from "./client.ts";

export type Check = Schema["Check"];

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly checks: Check[] = [],
  ) {
    super(message);
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; checks?: Check[] };
}

export function refusalOf(status: number, body: unknown): Refusal {
  const error = (body as ErrorBody | undefined)?.error;
  return new Refusal(
    status,
    error?.code ?? "UNKNOWN",
    error?.message ?? `HTTP ${status}`,
    error?.checks,
  );
}

/** The data of an answer of openapi-fetch, or a Refusal. */
export async function must<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw refusalOf(response.status, error);
  return data as T;
}
