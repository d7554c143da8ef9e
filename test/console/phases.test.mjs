// phases.test.mjs - how far an update is, from its task and its events.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { phasesOf } = await load("features/tasks/phases.ts");

const event = (kind, at_ms, more = {}) => ({ kind, at_ms, step: 0, state: "", ...more });
const PUSHED = event("task.pushed", 10);
const AT_100 = event("task.progress", 30, { step: 100 });
const VERIFIED = event("task.verified", 40, { step: 100 });
const ARMED = event("task.armed", 50, { step: 100 });
const TRIAL = event("task.trial", 60, { step: 100 });
const SUCCEEDED = event("task.state", 70, { state: "SUCCEEDED" });

const short = (task, events) =>
  phasesOf(task, events)
    .map(({ state, atMs }) => `${state}${atMs || ""}`)
    .join(" ");

test("phases_of_a_queued_task_wait_for_the_push", () => {
  assert.equal(short({ state: "QUEUED", step: 0 }, []),
    "current open open open open open");
});

test("phases_of_a_download_stop_at_downloading", () => {
  const events = [event("task.progress", 20, { step: 35 }), PUSHED];

  assert.equal(short({ state: "IN_PROGRESS", step: 35 }, events),
    "done10 current open open open open");
});

test("phases_after_100_percent_follow_the_events", () => {
  const task = { state: "IN_PROGRESS", step: 100 };

  assert.equal(short(task, [AT_100, PUSHED]),
    "done10 done30 current open open open");
  assert.equal(short(task, [ARMED, VERIFIED, AT_100, PUSHED]),
    "done10 done30 done40 current open open");
  assert.equal(short(task, [TRIAL, ARMED, VERIFIED, AT_100, PUSHED]),
    "done10 done30 done40 done60 current open");
});

test("phases_of_success_are_all_done_with_their_times", () => {
  const events = [SUCCEEDED, TRIAL, ARMED, VERIFIED, AT_100, PUSHED];

  assert.equal(short({ state: "SUCCEEDED", step: 100 }, events),
    "done10 done30 done40 done60 done70 done70");
});

test("phases_of_a_device_that_tells_little_are_done_without_a_time", () => {
  assert.equal(short({ state: "SUCCEEDED", step: 100 }, [SUCCEEDED, AT_100, PUSHED]),
    "done10 done30 done done done70 done70");
});

test("phases_of_a_refused_image_fail_where_it_was_checked", () => {
  assert.equal(short({ state: "FAILED", step: -3 }, [AT_100, PUSHED]),
    "done10 done30 failed open open open");
});

test("phases_of_a_canceled_task_end_without_a_failure", () => {
  assert.equal(short({ state: "CANCELED", step: 35 }, [PUSHED]),
    "done10 open open open open open");
});

test("phases_of_a_second_attempt_count_from_the_task", () => {
  const events = [event("task.pushed", 90), VERIFIED, AT_100, PUSHED];

  assert.equal(short({ state: "NOTIFIED", step: 0 }, events),
    "done10 current open open open open");
});
