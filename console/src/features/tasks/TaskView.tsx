// TaskView.tsx - one update of one device: state, steps, reason, a way to end it.
//
// SPDX-License-Identifier: MIT
import { Button, Popconfirm } from "antd";
import type { ReactNode } from "react";
import type { Task } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { Pill } from "../../parts/Pill.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { useMay } from "../session/useSession.ts";
import { isOver } from "./phases.ts";
import { TaskReason } from "./TaskReason.tsx";
import { TaskSteps } from "./TaskSteps.tsx";
import { taskTone } from "./taskText.ts";
import { useCancelTask } from "./useTasks.ts";

type TaskFacts = Pick<Task, "id" | "state" | "step" | "reason">;

export function TaskView({ task, title }: { task: TaskFacts; title: ReactNode }) {
  const t = useTexts();
  const mayCancel = useMay("operator");
  const cancel = useCancelTask();
  return (
    <div className="stack" style={{ gap: 14 }}>
      <div className="two-lines">
        <div className="row" aria-live="polite">
          <strong>{title}</strong>
          <Pill tone={taskTone(task)}>{t.task.states[task.state]}</Pill>
        </div>
      </div>
      <TaskSteps task={task} />
      <TaskReason task={task} />
      {cancel.error && <Problem error={cancel.error} title={t.task.cancel} />}
      {mayCancel && !isOver(task) && (
        <Popconfirm
          title={t.task.cancelAsk}
          description={t.task.cancelHint}
          okText={t.task.cancelYes}
          cancelText={t.task.cancelNo}
          okButtonProps={{ danger: true }}
          onConfirm={() => cancel.mutate(task.id)}
        >
          <Button style={{ alignSelf: "start" }} loading={cancel.isPending}>
            {t.task.cancel}
          </Button>
        </Popconfirm>
      )}
    </div>
  );
}
