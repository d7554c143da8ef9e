// TaskReason.tsx - why an update ended without success or why it waits, what to
// do about it, and the words it was read from.
//
// SPDX-License-Identifier: MIT
import type { Task } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { isDeviceSpeaking, reasonOf, waitOf } from "./reasons.ts";

type TaskFacts = Pick<Task, "state" | "step" | "reason">;

export function TaskReason({ task }: { task: TaskFacts }) {
  const t = useTexts();
  if (task.state === "SUCCEEDED") return null;
  if (task.state !== "FAILED" && task.state !== "CANCELED") {
    const wait = waitOf(task.reason);
    return wait ? <p className="reason calm">{t.waits[wait]}</p> : null;
  }
  const { what, todo } = t.reasons[reasonOf(task.step, task.reason)];
  const speaker = isDeviceSpeaking(task) ? t.task.saidByDevice : t.task.saidByServer;
  return (
    <div className={task.state === "FAILED" ? "reason" : "reason calm"}>
      <p className="what">{what}</p>
      <p>
        <strong>{t.task.whatToDo}:</strong> {todo}
      </p>
      <p className="quote">
        {speaker}: <code lang="en">{task.reason}</code>
      </p>
    </div>
  );
}
