// live.tsx - what an event changes in the cache, and whether the stream lives.
// An event names what changed; the truth about it is asked of the server again,
// at most once in QUIET_MS, however fast the events come.
//
// SPDX-License-Identifier: MIT
import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { CONSOLE_HEADER, type TernEvent } from "./client.ts";
import { addEvent } from "./eventCache.ts";
import { queryClient } from "./queryClient.ts";
import { renewal } from "./renewal.ts";
import { openStream, type StreamState } from "./stream.ts";

const QUIET_MS = 200;

/** First part of an event's kind: first parts of the queries it touches. */
const TOUCHES: Record<string, string[]> = {
  product: ["products"],
  device: ["devices", "device"],
  package: ["packages", "package"],
  job: ["package", "tasks"],
  task: ["devices", "device", "tasks"],
};

const LiveContext = createContext<StreamState>("connecting");

export function useLive(): StreamState {
  return useContext(LiveContext);
}

class Freshener {
  private readonly dirty = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  take(event: TernEvent): void {
    addEvent(this.client, event);
    const noun = event.kind.split(".")[0] ?? "";
    for (const key of TOUCHES[noun] ?? []) this.dirty.add(key);
    this.timer ??= setTimeout(() => this.flush(), QUIET_MS);
  }

  private flush(): void {
    this.timer = undefined;
    for (const key of this.dirty) void this.client.invalidateQueries({ queryKey: [key] });
    this.dirty.clear();
  }
}

function eventOf(data: string): TernEvent | undefined {
  try {
    return JSON.parse(data) as TernEvent;
  } catch {
    return undefined; // session_expired and the like have no event
  }
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<StreamState>("connecting");
  useEffect(() => {
    const freshener = new Freshener(queryClient);
    const stream = openStream({
      url: "/api/v1/stream",
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...init.headers, ...CONSOLE_HEADER } }),
      onMessage: (message) => {
        const event = message.id === undefined ? undefined : eventOf(message.data);
        if (event?.kind) freshener.take(event);
      },
      onState: setState,
      onGap: () => void queryClient.invalidateQueries(),
      onUnauthorized: async () => void (await renewal.ask()),
    });
    window.addEventListener("online", stream.retryNow);
    return () => {
      window.removeEventListener("online", stream.retryNow);
      stream.close();
    };
  }, []);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}
