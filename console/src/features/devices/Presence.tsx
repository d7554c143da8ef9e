// Presence.tsx - online, offline or disabled.
//
// SPDX-License-Identifier: MIT
import type { Device } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";

type DeviceFacts = Pick<Device, "online" | "enabled">;

export function Presence({ device }: { device: DeviceFacts }) {
  const t = useTexts();
  const text = !device.enabled
    ? t.devices.disabled
    : device.online
      ? t.devices.online
      : t.devices.offline;
  return (
    <span className="presence">
      <span className={device.online ? "dot on" : "dot"} aria-hidden />
      {text}
    </span>
  );
}
