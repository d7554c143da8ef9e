// Verification.tsx - the newest verification of a package, device by device.
//
// SPDX-License-Identifier: MIT
import { Skeleton } from "antd";
import { Link } from "react-router-dom";
import type { Package } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { Card } from "../../parts/Card.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { devicePath } from "../devices/deviceColumns.tsx";
import { TaskView } from "../tasks/TaskView.tsx";
import { useJobTasks } from "../tasks/useTasks.ts";

function JobTasks({ jobId }: { jobId: number }) {
  const t = useTexts();
  const { data: tasks = [], ...query } = useJobTasks(jobId);
  if (query.isPending) return <Skeleton active />;
  if (query.error)
    return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="stack" style={{ gap: 28 }}>
      {tasks.map((task) => (
        <TaskView
          key={task.id}
          task={task}
          title={
            <>
              <Link to={devicePath(task)}>{task.device_name}</Link>
              {task.source_version && (
                <span className="muted"> {t.task.from(task.source_version)}</span>
              )}
            </>
          }
        />
      ))}
    </div>
  );
}

export function Verification({ of }: { of: Package }) {
  const t = useTexts();
  return (
    <Card title={t.packages.verification}>
      {of.job === null ? (
        <>
          <p>{t.packages.verificationNone}</p>
          <p className="muted">{t.packages.verificationHint}</p>
        </>
      ) : (
        <JobTasks jobId={of.job} />
      )}
    </Card>
  );
}
