// DevicesSelect.tsx - which devices a package is tried on. It takes of Form.Item
// only what a select may have: `aria-required` on its outer element is wrong.
//
// SPDX-License-Identifier: MIT
import { Select } from "antd";
import type { Device } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";

interface DevicesSelectProps {
  devices: Device[];
  loading: boolean;
  /** Given by Form.Item. */
  id?: string;
  value?: string[];
  onChange?: (names: string[]) => void;
}

const DEVICES_MAX = 200;

export function DevicesSelect(props: DevicesSelectProps) {
  const t = useTexts();
  return (
    <Select
      id={props.id}
      mode="multiple"
      value={props.value}
      onChange={props.onChange}
      loading={props.loading}
      maxCount={DEVICES_MAX}
      optionFilterProp="label"
      placeholder={t.verify.devicesPlaceholder}
      notFoundContent={t.verify.noDevices}
      options={props.devices.map((d) => ({
        value: d.device_name,
        label: t.verify.deviceOption(
          d.device_name,
          d.version || t.devices.noVersion,
          d.online,
        ),
      }))}
    />
  );
}
