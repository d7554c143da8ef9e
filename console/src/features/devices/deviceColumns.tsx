// deviceColumns.tsx - the columns of the list; on a narrow screen one column
// holds it all.
//
// SPDX-License-Identifier: MIT
import type { TableColumnsType } from "antd";
import { Link } from "react-router-dom";
import type { Device } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import { TimeText } from "../../parts/TimeText.tsx";
import { DeviceTask } from "./DeviceTask.tsx";
import { Presence } from "./Presence.tsx";

export function devicePath(device: Pick<Device, "product_key" | "device_name">): string {
  return `/devices/${device.product_key}/${encodeURIComponent(device.device_name)}`;
}

function version(device: Device, t: Texts) {
  return device.version || <span className="muted">{t.devices.noVersion}</span>;
}

export function narrowColumns(t: Texts): TableColumnsType<Device> {
  return [
    {
      key: "device",
      title: t.devices.name,
      render: (_, device) => (
        <div className="two-lines">
          <div className="row">
            <Link to={devicePath(device)}>{device.device_name}</Link>
            <Presence device={device} />
          </div>
          <div className="row">
            <span>{version(device, t)}</span>
            <span className="muted">{device.product_key}</span>
            {device.task && <DeviceTask task={device.task} />}
          </div>
        </div>
      ),
    },
  ];
}

export function wideColumns(t: Texts): TableColumnsType<Device> {
  return [
    {
      key: "device",
      title: t.devices.name,
      render: (_, device) => <Link to={devicePath(device)}>{device.device_name}</Link>,
    },
    { key: "product", title: t.devices.product, dataIndex: "product_key" },
    { key: "version", title: t.devices.version, render: (_, device) => version(device, t) },
    {
      key: "presence",
      title: t.devices.presence,
      render: (_, device) => <Presence device={device} />,
    },
    {
      key: "seen",
      title: t.devices.seen,
      render: (_, device) => <TimeText ms={device.seen_ms} />,
    },
    {
      key: "task",
      title: t.devices.task,
      render: (_, device) => <DeviceTask task={device.task} />,
    },
  ];
}
