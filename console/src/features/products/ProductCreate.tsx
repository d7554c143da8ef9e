// ProductCreate.tsx - the dialog for a new product.
//
// SPDX-License-Identifier: MIT
import { Form, Input } from "antd";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { FormDialog } from "../../parts/FormDialog.tsx";
import { useCreateProduct, type NewProduct } from "./useProducts.ts";

export function ProductCreate({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const [form] = Form.useForm<NewProduct>();
  const values = Form.useWatch([], form) ?? {};
  const create = useCreateProduct();
  const words = ["tern", "product", "create", values.name || "NAME"];
  if (values.product_key) words.push("--key", values.product_key);
  return (
    <FormDialog
      name="product"
      title={t.products.createTitle}
      submit={t.common.create}
      form={form}
      pending={create.isPending}
      error={create.error}
      commands={[commandLine(...words)]}
      onSubmit={({ name, product_key }) =>
        create.mutate(
          { name, product_key: product_key || undefined },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t.products.name}
        extra={t.products.nameHint}
        rules={[{ required: true, whitespace: true, message: t.common.required }]}
      >
        <Input autoFocus maxLength={80} />
      </Form.Item>
      <Form.Item
        name="product_key"
        label={t.products.key}
        extra={t.products.keyHint}
        rules={[{ pattern: /^[A-Za-z0-9]{1,32}$/, message: t.products.keyHint }]}
      >
        <Input maxLength={32} autoComplete="off" spellCheck={false} />
      </Form.Item>
    </FormDialog>
  );
}
