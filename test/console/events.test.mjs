// events.test.mjs - events as lines of a timeline.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, ROOT } from "./load.mjs";

const { en } = await load("i18n/en.ts");
const { eventText } = await load("features/events/eventText.ts");
const { foldEvents } = await load("features/events/foldEvents.ts");

test("event_of_each_kind_in_the_spec_has_a_title", () => {
  const spec = readFileSync(join(ROOT, "spec/http-api.yaml"), "utf8");
  const list = spec.slice(spec.indexOf("    EventKind:"));
  const kinds = [...list.matchAll(/^ {8}- ([a-z_]+\.[a-z_]+)$/gm)].map((m) => m[1]);
  const states = { "task.state": "FAILED", "package.state": "VERIFIED",
    "job.state": "COMPLETED" };

  assert.ok(kinds.length > 20);
  for (const kind of kinds) {
    const event = { kind, text: "", step: 35, version: "1.4.0",
      state: states[kind] ?? "" };
    const { title } = eventText(event, en);
    assert.ok(title && title !== kind, `${kind} has no title`);
  }
});

test("event_of_a_failed_task_says_why_in_the_persons_language", () => {
  const text = "FAILED: image refused: signed with a key that is not trusted";

  const said = eventText({ kind: "task.state", state: "FAILED", text, step: 0, version: "1.4.0" }, en);

  assert.equal(said.detail, en.reasons.keyUnknown.what);
  assert.equal(said.words, "");
});

test("event_of_a_failure_in_unknown_words_shows_the_words", () => {
  const said = eventText({ kind: "task.state", state: "FAILED", text: "FAILED: moths", step: 0, version: "1" }, en);

  assert.equal(said.words, "moths");
});

test("fold_makes_a_download_one_line", () => {
  const progress = (id, task_id) => ({ id, task_id, kind: "task.progress", state: "" });
  const pushed = (id, task_id) => ({ id, task_id, kind: "task.pushed", state: "" });
  const events = [progress(9, 1), progress(8, 2), progress(7, 1), pushed(6, 1),
    progress(5, 1), progress(4, 1), pushed(3, 2), pushed(2, 1)];

  assert.deepEqual(foldEvents(events).map((e) => e.id), [9, 8, 6, 5, 3, 2]);
});
