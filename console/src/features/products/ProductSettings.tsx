// ProductSettings.tsx - the dialog for a product's release keys and slot size.
//
// SPDX-License-Identifier: MIT
import { Form, Input, InputNumber } from "antd";
import type { Product } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { FormDialog } from "../../parts/FormDialog.tsx";
import { releaseKeysOf } from "./releaseKeys.ts";
import { useSaveProduct } from "./useProducts.ts";

const KEYS_MAX = 4;

const slotBytes = (kib: number) => Math.round(kib * 1024);

interface Values {
  keys: string;
  slot_kib: number;
}

interface ProductSettingsProps {
  product: Product;
  onClose: () => void;
}

export function ProductSettings({ product, onClose }: ProductSettingsProps) {
  const t = useTexts();
  const [form] = Form.useForm<Values>();
  const values = Form.useWatch([], form) ?? {};
  const save = useSaveProduct(product);
  const checkKeys = (_: unknown, text = "") => {
    const keys = releaseKeysOf(text);
    if (!keys) return Promise.reject(new Error(t.products.keysBad));
    if (keys.length > KEYS_MAX)
      return Promise.reject(new Error(t.products.keysTooMany));
    return Promise.resolve();
  };
  return (
    <FormDialog
      name="product-settings"
      title={t.products.settingsOf(product.name)}
      submit={t.common.save}
      form={form}
      initialValues={{
        keys: product.keys.map((key) => key.public).join("\n"),
        slot_kib: product.slot_bytes / 1024,
      }}
      pending={save.isPending}
      error={save.error}
      commands={[
        commandLine("tern", "product", "add-key", product.product_key, "release.pem"),
        commandLine(
          ...["tern", "product", "set", product.product_key],
          ...["--slot-bytes", slotBytes(values.slot_kib ?? product.slot_bytes / 1024)],
        ),
      ]}
      onSubmit={({ keys, slot_kib }) =>
        save.mutate(
          { keys: releaseKeysOf(keys) ?? [], slot_bytes: slotBytes(slot_kib) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="keys"
        label={t.products.keysLabel}
        extra={t.products.keysHint}
        validateTrigger="onBlur"
        rules={[{ validator: checkKeys }]}
      >
        <Input.TextArea
          className="mono"
          autoSize={{ minRows: 4, maxRows: 10 }}
          spellCheck={false}
        />
      </Form.Item>
      <Form.Item
        name="slot_kib"
        label={t.products.slotLabel}
        extra={t.products.slotHint}
        rules={[{ required: true, message: t.common.required }]}
      >
        <InputNumber min={4} max={976562} precision={0} style={{ width: 160 }} />
      </Form.Item>
    </FormDialog>
  );
}
