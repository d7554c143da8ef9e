// sse.ts - the text of a server-sent event stream, cut into messages.
// Pure: what a network gives in pieces goes in, whole messages come out.
// Tests: test/console/stream.test.mjs
//
// SPDX-License-Identifier: MIT
export interface Message {
  id: string | undefined;
  event: string;
  data: string;
}

export interface Parsed {
  messages: Message[];
  /** The last id in it, also of a block without data: where to go on. */
  lastId: string | undefined;
  /** What the server asks to wait before the next connection, if it did. */
  retryMs: number | undefined;
}

/** Takes pieces of text in order; keeps what is not yet a whole message. */
export class SseParser {
  private rest = "";

  take(piece: string): Parsed {
    const out: Parsed = { messages: [], lastId: undefined, retryMs: undefined };
    const blocks = (this.rest + piece).split("\n\n"); // ternd sends no CR
    this.rest = blocks.pop() ?? "";
    for (const block of blocks) readBlock(block, out);
    return out;
  }
}

function readBlock(block: string, out: Parsed): void {
  const message: Message = { id: undefined, event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === 0) continue; // a comment: the heartbeat
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") message.id = out.lastId = value;
    if (name === "event") message.event = value;
    if (name === "data") data.push(value);
    if (name === "retry" && /^\d+$/.test(value)) out.retryMs = Number(value);
  }
  message.data = data.join("\n");
  if (data.length > 0) out.messages.push(message);
}
