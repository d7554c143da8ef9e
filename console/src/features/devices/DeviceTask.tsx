// DeviceTask.tsx - what a device is doing, in one pill.
//
// SPDX-License-Identifier: MIT
import type { Device } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { Pill } from "../../parts/Pill.tsx";
import { taskShort, taskTone } from "../tasks/taskText.ts";

export function DeviceTask({ task }: { task: Device["task"] }) {
  const t = useTexts();
  if (!task) return <span className="muted">{t.devices.noTask}</span>;
  return <Pill tone={taskTone(task)}>{taskShort(task, task.version, t)}</Pill>;
}
