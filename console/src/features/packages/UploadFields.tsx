// UploadFields.tsx - what a person says about the file.
//
// SPDX-License-Identifier: MIT
import { Checkbox, Form, Input, Select } from "antd";
import { useTexts } from "../../i18n/language.ts";
import { ProductSelect } from "../products/ProductSelect.tsx";

const VERSION = /^[A-Za-z0-9._+-]{1,64}$/;

interface UploadFieldsProps {
  versionHint: string;
  onlyProduct: string | undefined;
}

export function UploadFields({ versionHint, onlyProduct }: UploadFieldsProps) {
  const t = useTexts();
  return (
    <>
      <Form.Item
        key={onlyProduct ?? "several"} // the first value counts once it is known
        name="product_key"
        label={t.upload.product}
        initialValue={onlyProduct}
        rules={[{ required: true, message: t.common.required }]}
      >
        <ProductSelect />
      </Form.Item>
      <Form.Item
        name="version"
        label={t.upload.version}
        extra={versionHint}
        rules={[
          { required: true, message: t.common.required },
          { pattern: VERSION, message: t.upload.versionBad },
        ]}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="name" label={t.upload.name} extra={t.upload.nameHint}>
        <Input maxLength={80} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="sign_method"
        label={t.upload.signMethod}
        extra={t.upload.signMethodHint}
      >
        <Select
          options={[
            { value: "SHA256", label: "SHA-256" },
            { value: "Md5", label: "MD5" },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="needs_verification"
        valuePropName="checked"
        extra={t.upload.needsVerificationHint}
      >
        <Checkbox>{t.upload.needsVerification}</Checkbox>
      </Form.Item>
    </>
  );
}
