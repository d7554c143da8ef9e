// VerifyDialog.tsx - which devices a package is tried on, and from which
// versions.
//
// SPDX-License-Identifier: MIT
import { Form, InputNumber, Select } from "antd";
import type { Package } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { FormDialog } from "../../parts/FormDialog.tsx";
import { useDevices } from "../devices/useDevices.ts";
import { DevicesSelect } from "./DevicesSelect.tsx";
import { useVerify } from "./usePackages.ts";

interface Values {
  device_names: string[];
  source_versions: string[];
  timeout_minutes: number | null;
}

const TIMEOUT_MINUTES = 30;
const DEVICES_SHOWN = 500;

function command(id: number, values: Partial<Values>): string {
  const words: (string | number)[] = ["tern", "package", "verify", id];
  for (const name of values.device_names?.length ? values.device_names : ["DEVICE"])
    words.push("--device", name);
  for (const version of values.source_versions ?? [])
    words.push("--source-version", version);
  if (values.timeout_minutes) words.push("--timeout", values.timeout_minutes);
  return commandLine(...words, "--wait");
}

export function VerifyDialog({ of, onClose }: { of: Package; onClose: () => void }) {
  const t = useTexts();
  const [form] = Form.useForm<Values>();
  const values = Form.useWatch([], form) ?? {};
  const verify = useVerify(of.id);
  const { devices, isPending } = useDevices(
    { product_key: of.product_key },
    DEVICES_SHOWN,
  );
  const versions = [...new Set(devices.map((d) => d.version))]
    .filter((version) => version && version !== of.version)
    .sort();
  return (
    <FormDialog
      name="verify"
      title={t.verify.title(of.version)}
      hint={t.verify.hint}
      submit={t.verify.submit}
      form={form}
      initialValues={{
        device_names: [],
        source_versions: [],
        timeout_minutes: TIMEOUT_MINUTES,
      }}
      pending={verify.isPending}
      error={verify.error}
      commands={[command(of.id, values)]}
      onSubmit={({ timeout_minutes, ...body }) =>
        verify.mutate(
          { ...body, timeout_minutes: timeout_minutes ?? undefined },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="source_versions"
        label={t.verify.sources}
        extra={t.verify.sourcesHint}
      >
        <Select
          mode="tags"
          autoFocus
          tokenSeparators={[",", " "]}
          maxCount={16}
          placeholder={t.verify.sourcesPlaceholder}
          options={versions.map((value) => ({ value, label: value }))}
        />
      </Form.Item>
      <Form.Item
        name="device_names"
        label={t.verify.devices}
        rules={[{ required: true, message: t.verify.devicesMissing }]}
      >
        <DevicesSelect devices={devices} loading={isPending} />
      </Form.Item>
      <Form.Item
        name="timeout_minutes"
        label={t.verify.timeout}
        extra={t.verify.timeoutHint}
      >
        <InputNumber min={1} max={1440} precision={0} style={{ width: 160 }} />
      </Form.Item>
    </FormDialog>
  );
}
