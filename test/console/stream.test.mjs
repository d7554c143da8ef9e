// stream.test.mjs - the event stream against a real server on loopback that
// hangs up, falls silent, is full, or no longer knows the session.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { load } from "./load.mjs";

const { SseParser } = await load("api/sse.ts");
const { openStream } = await load("api/stream.ts");

const DEADLINE_MS = 5000;

async function until(condition, what) {
  const deadline = Date.now() + DEADLINE_MS;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** answers[n] takes the n-th request; the last one takes all that follow. */
async function withServer(answers, body) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.headers["last-event-id"]);
    answers[Math.min(asked.length, answers.length) - 1](response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const heard = { messages: [], states: [], gaps: 0, renewals: 0, asked };
  const stream = openStream({
    url: `http://127.0.0.1:${server.address().port}/`,
    fetch,
    onMessage: (message) => heard.messages.push(message.data),
    onState: (state) => heard.states.push(state),
    onGap: () => heard.gaps++,
    onUnauthorized: async () => void heard.renewals++,
    firstDelayMs: 5,
    longestDelayMs: 20,
    silenceMs: 300,
  });
  try {
    await body(heard, stream);
  } finally {
    stream.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const begin = (response) =>
  response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
const send = (response, ...ids) =>
  ids.forEach((id) => response.write(`id: ${id}\nevent: e\ndata: ${id}\n\n`));

test("sse_message_in_pieces_is_one_message", () => {
  const parser = new SseParser();
  const pieces = ["id: 7\nev", "ent: task.state\ndata: {\"a\"", ":1}\n", "\n"];

  const messages = pieces.flatMap((piece) => parser.take(piece).messages);

  assert.deepEqual(messages, [{ id: "7", event: "task.state", data: '{"a":1}' }]);
});

test("sse_heartbeat_is_no_message", () => {
  assert.deepEqual(new SseParser().take(":\n\n: still here\n\n").messages, []);
});

test("sse_block_without_data_gives_id_and_retry_alone", () => {
  const parsed = new SseParser().take("retry: 1000\nid: 41\n\n");

  assert.deepEqual(parsed, { messages: [], lastId: "41", retryMs: 1000 });
});

test("stream_that_is_dropped_resumes_behind_the_last_event", () =>
  withServer(
    [
      (response) => {
        begin(response);
        response.write("id: 10\nretry: 5\n\n");
        send(response, 11, 12);
        setImmediate(() => response.destroy());
      },
      (response) => {
        begin(response);
        send(response, 13);
      },
    ],
    async (heard) => {
      await until(() => heard.messages.length === 3, "three came");

      assert.deepEqual(heard.messages, ["11", "12", "13"]);
      assert.deepEqual(heard.asked, [undefined, "12"]);
      assert.equal(heard.gaps, 1);
      assert.deepEqual(heard.states, ["connecting", "live", "reconnecting", "live"]);
    },
  ));

test("stream_dropped_before_any_event_resumes_at_its_beginning", () =>
  withServer(
    [
      (response) => {
        begin(response);
        response.write("id: 10\nretry: 5\n\n", () => response.destroy());
      },
      begin,
    ],
    async (heard) => {
      await until(() => heard.asked.length === 2, "it came back");

      assert.deepEqual(heard.asked, [undefined, "10"]);
    },
  ));

test("stream_of_a_full_server_is_tried_again", () =>
  withServer(
    [
      (response) => response.writeHead(503).end(),
      (response) => {
        begin(response);
        send(response, 1);
      },
    ],
    async (heard) => {
      await until(() => heard.messages.length === 1, "it was let in");

      assert.deepEqual(heard.states, ["connecting", "reconnecting", "live"]);
    },
  ));

test("stream_without_a_session_waits_for_a_new_one", () =>
  withServer(
    [(response) => response.writeHead(401).end(), begin],
    async (heard) => {
      await until(() => heard.states.includes("live"), "it was let in");

      assert.equal(heard.renewals, 1);
    },
  ));

test("stream_that_falls_silent_is_given_up", () =>
  withServer([begin], async (heard) => {
    await until(() => heard.asked.length >= 2, "it asked again");

    assert.ok(heard.states.includes("reconnecting"));
  }));

test("stream_that_is_closed_stays_closed", () =>
  withServer([begin], async (heard, stream) => {
    await until(() => heard.states.includes("live"), "it was let in");

    stream.close();
    await new Promise((resolve) => setTimeout(resolve, 100));

    assert.equal(heard.asked.length, 1);
  }));
