// stream.ts - one connection to the server's events that does not stay lost.
// It resumes behind the last event it saw, so nothing is missed or told twice.
// Start at openStream(). Tests: test/console/stream.test.mjs
//
// fetch() and not EventSource: that one hides the heartbeat, so it cannot
// notice a connection that is dead without a word, and gives up for good at the
// first 401 or 503.
//
// SPDX-License-Identifier: MIT
import { SseParser, type Message } from "./sse.ts";

export type StreamState = "connecting" | "live" | "reconnecting";

export interface StreamOptions {
  url: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  onMessage: (message: Message) => void;
  onState: (state: StreamState) => void;
  /** Events may have passed unseen: whatever is cached may be old. */
  onGap: () => void;
  /** The session is over; resolves when there is a new one. */
  onUnauthorized: () => Promise<void>;
  /** Silence after which a connection counts as dead; the heartbeat is 15 s. */
  silenceMs?: number;
  firstDelayMs?: number;
  longestDelayMs?: number;
}

export interface Stream {
  close: () => void;
  /** Do not wait any longer before the next try. */
  retryNow: () => void;
}

interface Connection {
  options: StreamOptions;
  closed: boolean;
  lastId: string | undefined;
  firstDelayMs: number;
  delayMs: number;
  wake: () => void;
  abort: AbortController;
}

export function openStream(options: StreamOptions): Stream {
  const c: Connection = {
    options,
    closed: false,
    lastId: undefined,
    firstDelayMs: options.firstDelayMs ?? 500,
    delayMs: options.firstDelayMs ?? 500,
    wake: () => undefined,
    abort: new AbortController(),
  };
  void run(c);
  return {
    close: () => {
      c.closed = true;
      c.abort.abort();
      c.wake();
    },
    retryNow: () => c.wake(),
  };
}

async function run(c: Connection): Promise<void> {
  c.options.onState("connecting");
  while (!c.closed) {
    await connect(c).catch(() => undefined); // whatever it was: try again
    if (c.closed) return;
    c.options.onState("reconnecting");
    await pause(c);
  }
}

async function connect(c: Connection): Promise<void> {
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (c.lastId !== undefined) headers["Last-Event-ID"] = c.lastId;
  c.abort = new AbortController();
  const silence = watchdog(c);
  try {
    const response = await c.options.fetch(c.options.url, {
      headers,
      cache: "no-store",
      signal: c.abort.signal,
    });
    if (response.status === 401) {
      silence.stop(); // a person may take an hour to type the secret
      await c.options.onUnauthorized();
      return;
    }
    if (!response.ok || !response.body) return;
    c.options.onState("live");
    if (c.lastId === undefined) c.options.onGap();
    await read(c, response.body, silence.touch);
  } finally {
    silence.stop();
    c.abort.abort();
  }
}

async function read(
  c: Connection,
  body: ReadableStream<Uint8Array>,
  touch: () => void,
): Promise<void> {
  const parser = new SseParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  // Node 18, in which the tests run on Debian 12, may forget the signal while a
  // body is read; a browser does not mind being told twice.
  const cancel = () => void reader.cancel().catch(() => undefined);
  c.abort.signal.addEventListener("abort", cancel, { once: true });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    touch();
    const parsed = parser.take(decoder.decode(value, { stream: true }));
    c.firstDelayMs = parsed.retryMs ?? c.firstDelayMs;
    c.delayMs = c.firstDelayMs;
    parsed.messages.forEach(c.options.onMessage);
    c.lastId = parsed.lastId ?? c.lastId;
  }
}

function watchdog(c: Connection): { touch: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const touch = () => {
    stop();
    timer = setTimeout(() => c.abort.abort(), c.options.silenceMs ?? 40_000);
  };
  touch();
  return { touch, stop };
}

/** Longer from try to try, and not all browsers at the same instant. */
function pause(c: Connection): Promise<void> {
  const wait = c.delayMs * (0.75 + Math.random() / 2);
  c.delayMs = Math.min(c.delayMs * 2, c.options.longestDelayMs ?? 8_000);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait);
    c.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
