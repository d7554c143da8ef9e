// taskText.ts - a task in a few words: for lists, and for the step under way.
//
// SPDX-License-Identifier: MIT
import type { Task } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Tone } from "../../parts/Pill.tsx";
import type { Phase } from "./phases.ts";

type TaskFacts = Pick<Task, "state" | "step">;

export function taskTone(task: Pick<Task, "state">): Tone {
  switch (task.state) {
    case "SUCCEEDED":
      return "good";
    case "FAILED":
      return "bad";
    case "CANCELED":
    case "QUEUED":
    case "CONFIRM":
      return "warn";
    case "NOTIFIED":
    case "IN_PROGRESS":
      return "busy";
  }
}

export function taskShort(task: TaskFacts, version: string, t: Texts): string {
  if (task.state === "IN_PROGRESS" && task.step < 100)
    return t.task.short.downloading(version, Math.max(task.step, 0));
  if (task.state === "FAILED") return t.task.short.failed(version);
  return t.task.short.other(version, t.task.states[task.state]);
}

export function phaseNow(phase: Phase, task: TaskFacts, t: Texts): string {
  switch (phase) {
    case "pushed":
      return t.task.now.waiting;
    case "downloading":
      return task.state === "NOTIFIED"
        ? t.task.now.pushed
        : t.task.now.downloading(Math.max(task.step, 0));
    case "written":
      return t.task.now.written;
    case "reset":
      return t.task.now.reset;
    case "trial":
      return t.task.now.trial;
    case "confirmed":
      return t.task.now.confirmed;
  }
}
