// DeviceCreate.tsx - the dialog for a new device; then its secret, this once.
//
// SPDX-License-Identifier: MIT
import { Form, Input } from "antd";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { FormDialog } from "../../parts/FormDialog.tsx";
import { ProductSelect } from "../products/ProductSelect.tsx";
import { useProducts } from "../products/useProducts.ts";
import { DeviceCreated } from "./DeviceCreated.tsx";
import { useCreateDevice, type NewDevice } from "./useDevices.ts";

export function DeviceCreate({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const [form] = Form.useForm<NewDevice>();
  const values = Form.useWatch([], form) ?? {};
  const { data: products = [] } = useProducts();
  const create = useCreateDevice();
  if (create.data) return <DeviceCreated device={create.data} onClose={onClose} />;
  const name = values.device_name || "NAME";
  return (
    <FormDialog
      name="device"
      title={t.devices.createTitle}
      submit={t.devices.add}
      form={form}
      initialValues={{ product_key: products[0]?.product_key }}
      pending={create.isPending}
      error={create.error}
      commands={[
        commandLine(
          ...["tern", "device", "create", values.product_key || "PRODUCT"],
          ...[name, "--identity", `${name}.json`],
        ),
      ]}
      onSubmit={({ product_key, device_name, device_secret }) =>
        create.mutate({
          product_key,
          device_name,
          device_secret: device_secret || undefined,
        })
      }
      onClose={onClose}
    >
      <Form.Item
        name="product_key"
        label={t.devices.product}
        rules={[{ required: true, message: t.common.required }]}
      >
        <ProductSelect />
      </Form.Item>
      <Form.Item
        name="device_name"
        label={t.devices.deviceName}
        extra={t.devices.deviceNameHint}
        rules={[
          { required: true, message: t.common.required },
          { pattern: /^[A-Za-z0-9._:@-]{1,32}$/, message: t.devices.deviceNameHint },
        ]}
      >
        <Input autoFocus maxLength={32} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="device_secret"
        label={t.devices.secret}
        extra={t.devices.secretHint}
        rules={[{ pattern: /^[A-Za-z0-9]{8,64}$/, message: t.devices.secretHint }]}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
    </FormDialog>
  );
}
