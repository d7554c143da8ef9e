// TaskSteps.tsx - the six steps of an update, live, with the time of each.
//
// SPDX-License-Identifier: MIT
import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { Progress } from "antd";
import type { Task } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { TimeText } from "../../parts/TimeText.tsx";
import { useEvents } from "../events/useEvents.ts";
import { phasesOf, type PhaseRow, type PhaseState } from "./phases.ts";
import { phaseNow } from "./taskText.ts";

type TaskFacts = Pick<Task, "id" | "state" | "step" | "reason">;

const MARKS: Record<PhaseState, JSX.Element | null> = {
  done: <CheckOutlined />,
  failed: <CloseOutlined />,
  current: null,
  open: null,
};

function Step({ row, task }: { row: PhaseRow; task: TaskFacts }) {
  const t = useTexts();
  const isCurrent = row.state === "current";
  const isLoading =
    isCurrent && row.phase === "downloading" && task.state === "IN_PROGRESS";
  const text = isCurrent ? phaseNow(row.phase, task, t) : t.task.phases[row.phase];
  return (
    <li className={row.state} aria-current={isCurrent ? "step" : undefined}>
      <span className="mark" aria-hidden>
        {MARKS[row.state]}
      </span>
      <span className="label">
        {text}
        <span className="hidden">, {t.task.phaseStates[row.state]}</span>
      </span>
      <span>{row.atMs > 0 && <TimeText ms={row.atMs} as="clock" />}</span>
      {isLoading && (
        <Progress
          className="bar"
          percent={Math.max(task.step, 0)}
          showInfo={false}
          size="small"
          aria-label={text}
        />
      )}
    </li>
  );
}

export function TaskSteps({ task }: { task: TaskFacts }) {
  const { events } = useEvents({ task_id: task.id }, 100);
  return (
    <ol className="steps" data-task={task.state}>
      {phasesOf(task, events).map((row) => (
        <Step key={row.phase} row={row} task={task} />
      ))}
    </ol>
  );
}
