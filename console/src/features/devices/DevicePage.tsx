// DevicePage.tsx - one device: facts, the update it has, what happened to it.
//
// SPDX-License-Identifier: MIT
import { Skeleton } from "antd";
import { Link, useParams } from "react-router-dom";
import type { Device } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { Card } from "../../parts/Card.tsx";
import { commandLine } from "../../parts/command.ts";
import { Facts } from "../../parts/Facts.tsx";
import { Page } from "../../parts/Page.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { TimeText } from "../../parts/TimeText.tsx";
import { Timeline } from "../events/Timeline.tsx";
import { isOver } from "../tasks/phases.ts";
import { TaskView } from "../tasks/TaskView.tsx";
import { Presence } from "./Presence.tsx";
import { useDevice } from "./useDevices.ts";

function DeviceFacts({ device }: { device: Device }) {
  const t = useTexts();
  return (
    <Card title={t.devices.facts}>
      <Facts
        rows={[
          [t.devices.version, device.version || t.devices.noVersion],
          [t.devices.product, <code>{device.product_key}</code>],
          [t.devices.seen, <TimeText ms={device.seen_ms} />],
          [t.devices.informed, <TimeText ms={device.informed_ms} />],
          [t.devices.agent, device.agent || t.common.none],
          [t.devices.enabled, device.enabled ? t.devices.yes : t.devices.no],
          [t.devices.created, <TimeText ms={device.created_ms} as="clock" />],
        ]}
      />
    </Card>
  );
}

function DeviceUpdate({ task }: { task: Device["task"] }) {
  const t = useTexts();
  if (!task)
    return (
      <Card title={t.devices.currentTask}>
        <p>{t.devices.noTaskYet}</p>
        <p className="muted">
          {t.devices.noTaskYetHint} <Link to="/packages">{t.devices.toPackages}</Link>
        </p>
      </Card>
    );
  const title = (
    <Link to={`/packages/${task.package_id}`}>{t.task.progressOf(task.version)}</Link>
  );
  return (
    <Card title={isOver(task) ? t.devices.lastTask : t.devices.currentTask}>
      <TaskView task={task} title={title} />
    </Card>
  );
}

export default function DevicePage() {
  const t = useTexts();
  const { productKey = "", deviceName = "" } = useParams();
  const { data: device, ...query } = useDevice(productKey, deviceName);
  return (
    <Page
      title={deviceName}
      beside={device && <Presence device={device} />}
      parent={{ to: "/devices", text: t.devices.title }}
      commands={[
        commandLine("tern", "device", "show", productKey, deviceName),
        commandLine(
          ...["tern", "event", "list", "--product", productKey],
          ...["--device", deviceName, "--follow"],
        ),
      ]}
    >
      {query.error && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton active />}
      {device && (
        <div className="columns">
          <div className="stack">
            <DeviceUpdate task={device.task} />
            <DeviceFacts device={device} />
          </div>
          <Card title={t.devices.timeline}>
            <Timeline filter={{ product_key: productKey, device_name: deviceName }} />
          </Card>
        </div>
      )}
    </Page>
  );
}
