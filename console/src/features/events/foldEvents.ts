// foldEvents.ts - a timeline without what another line of it says already: a
// download is one line that counts, and a state that follows from an event is
// not told beside it. All of them are in `tern event list`.
// Tests: test/console/events.test.mjs
//
// SPDX-License-Identifier: MIT
import type { TernEvent } from "../../api/client.ts";

type EventFacts = Pick<TernEvent, "kind" | "state" | "task_id">;

function isSaidElsewhere({ kind, state }: EventFacts): boolean {
  switch (kind) {
    case "task.state": // task.pushed, task.progress
      return state === "NOTIFIED" || state === "IN_PROGRESS";
    case "package.state": // job.created
      return state === "VERIFYING";
    case "job.state": // package.state
      return true;
    default:
      return false;
  }
}

/** events: newest first. */
export function foldEvents<T extends EventFacts>(events: readonly T[]): T[] {
  const downloading = new Set<number>();
  return events.filter((event) => {
    if (isSaidElsewhere(event)) return false;
    if (event.kind !== "task.progress") {
      downloading.delete(event.task_id);
      return true;
    }
    const isNewest = !downloading.has(event.task_id);
    downloading.add(event.task_id);
    return isNewest;
  });
}
