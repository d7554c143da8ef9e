// phases.ts - how far an update is: from a task and its events to six steps.
// Pure. A device with Link SDK tells nothing between 100 % and its new version;
// its steps are then done without a time.
// Tests: test/console/phases.test.mjs
//
// SPDX-License-Identifier: MIT
import type { Task, TernEvent } from "../../api/client.ts";

export const PHASES = [
  "pushed",
  "downloading",
  "written",
  "reset",
  "trial",
  "confirmed",
] as const;
export type Phase = (typeof PHASES)[number];
export type PhaseState = "done" | "current" | "failed" | "open";

export interface PhaseRow {
  phase: Phase;
  state: PhaseState;
  /** 0: not known. */
  atMs: number;
}

type EventFacts = Pick<TernEvent, "kind" | "at_ms" | "step" | "state">;
type TaskFacts = Pick<Task, "state" | "step">;

/** The steps that an event shows to be over. */
function phasesOver(event: EventFacts): Phase[] {
  switch (event.kind) {
    case "task.pushed":
      return ["pushed"];
    case "task.progress":
      return event.step === 100 ? ["downloading"] : [];
    case "task.verified":
      return ["written"];
    case "task.trial":
      return ["reset"]; // it is back, so it has reset
    case "task.state":
      return event.state === "SUCCEEDED" ? ["trial", "confirmed"] : [];
    default:
      return [];
  }
}

/** The first push and the last of everything else: a download that broke and
 * went on is one download. */
function timesOf(events: readonly EventFacts[]): Map<Phase, number> {
  const times = new Map<Phase, number>();
  for (const event of [...events].sort((a, b) => a.at_ms - b.at_ms))
    for (const phase of phasesOver(event))
      if (phase !== "pushed" || !times.has(phase)) times.set(phase, event.at_ms);
  return times;
}

function reachedByTask(task: TaskFacts): number {
  if (task.state === "SUCCEEDED") return PHASES.length;
  if (task.state === "NOTIFIED") return 1;
  if (task.state !== "IN_PROGRESS") return 0;
  return task.step < 100 ? 1 : 2;
}

function reachedByEvents(times: ReadonlyMap<Phase, number>): number {
  return PHASES.reduce((most, phase, i) => (times.has(phase) ? i + 1 : most), 0);
}

/** Below 100 % an update may have begun anew, so only the task counts; from
 * there on the device tells by events. */
function reachedOf(task: TaskFacts, times: ReadonlyMap<Phase, number>): number {
  const byTask = reachedByTask(task);
  const isOver = task.state === "FAILED" || task.state === "CANCELED";
  return isOver || byTask === 2 ? Math.max(byTask, reachedByEvents(times)) : byTask;
}

export function phasesOf(task: TaskFacts, events: readonly EventFacts[]): PhaseRow[] {
  const times = timesOf(events);
  const reached = reachedOf(task, times);
  const stopped: PhaseState = task.state === "FAILED" ? "failed" : "open";
  const next = isOver(task) ? stopped : "current";
  return PHASES.map((phase, i) => ({
    phase,
    atMs: i < reached ? (times.get(phase) ?? 0) : 0,
    state: i < reached ? "done" : i > reached ? "open" : next,
  }));
}

export function isOver(task: Pick<Task, "state">): boolean {
  return ["SUCCEEDED", "FAILED", "CANCELED"].includes(task.state);
}
