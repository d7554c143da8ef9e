// PackageUpload.tsx - the page that takes a firmware file.
//
// SPDX-License-Identifier: MIT
import { Button, Form } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { Page } from "../../parts/Page.tsx";
import { NoProduct } from "../products/NoProduct.tsx";
import { useProducts } from "../products/useProducts.ts";
import { FileDrop } from "./FileDrop.tsx";
import { imageVersionOf } from "./imageVersion.ts";
import { UploadFields } from "./UploadFields.tsx";
import { UploadResult } from "./UploadResult.tsx";
import { useUpload, type NewPackage } from "./useUpload.ts";

function command(p: Partial<NewPackage>): string {
  const words = ["tern", "package", "upload", p.product_key || "PRODUCT"];
  words.push(p.file?.name ?? "FILE", "--version", p.version || "VERSION");
  if (p.name) words.push("--name", p.name);
  if (p.sign_method === "Md5") words.push("--sign-method", "Md5");
  if (p.needs_verification === false) words.push("--no-verification");
  return commandLine(...words);
}

export default function PackageUpload() {
  const t = useTexts();
  const navigate = useNavigate();
  const products = useProducts();
  const [form] = Form.useForm<NewPackage>();
  const values = Form.useWatch([], form) ?? {};
  const [inImage, setInImage] = useState<string>();
  const sending = useUpload();
  const onFile = async (file: File) => {
    const version = await imageVersionOf(file).catch(() => undefined);
    setInImage(version);
    if (version) form.setFieldValue("version", version);
  };
  const differs = inImage && values.version && inImage !== values.version;
  return (
    <Page
      title={t.upload.title}
      parent={{ to: "/packages", text: t.packages.title }}
      commands={[command(values)]}
    >
      {products.data?.length === 0 ? (
        <div className="card flush">
          <NoProduct title={t.upload.noProductTitle} />
        </div>
      ) : (
        <div className="card stack upload">
          <Form<NewPackage>
            form={form}
            name="upload"
            layout="vertical"
            requiredMark={false}
            disabled={sending.isPending || products.isPending}
            initialValues={{ sign_method: "SHA256", needs_verification: true }}
            onValuesChange={({ file }: Partial<NewPackage>) => file && void onFile(file)}
            onFinish={(p) =>
              sending.mutate(p, { onSuccess: ({ id }) => navigate(`/packages/${id}`) })
            }
          >
            <Form.Item
              name="file"
              rules={[{ required: true, message: t.upload.fileMissing }]}
            >
              <FileDrop disabled={sending.isPending} />
            </Form.Item>
            <UploadFields
              versionHint={
                differs
                  ? t.upload.versionDiffers(inImage)
                  : inImage
                    ? t.upload.versionRead(inImage)
                    : t.upload.versionHint
              }
              onlyProduct={
                products.data?.length === 1 ? products.data[0]?.product_key : undefined
              }
            />
            <Button type="primary" htmlType="submit" loading={sending.isPending}>
              {t.upload.submit}
            </Button>
          </Form>
          <UploadResult
            isPending={sending.isPending}
            percent={sending.percent}
            error={sending.error}
            onCancel={sending.cancel}
          />
        </div>
      )}
    </Page>
  );
}
