// NoProduct.tsx - the first step of an empty server: there is no product yet.
//
// SPDX-License-Identifier: MIT
import { AppstoreOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTexts } from "../../i18n/language.ts";
import { EmptyState } from "../../parts/EmptyState.tsx";
import { useMay } from "../session/useSession.ts";
import { ProductCreate } from "./ProductCreate.tsx";

export function NoProduct({ title }: { title: string }) {
  const t = useTexts();
  const mayCreate = useMay("admin");
  const [creating, setCreating] = useState(false);
  return (
    <>
      <EmptyState
        icon={<AppstoreOutlined />}
        title={title}
        hint={t.products.emptyHint}
        action={
          mayCreate && (
            <Button type="primary" onClick={() => setCreating(true)}>
              {t.products.create}
            </Button>
          )
        }
      />
      {creating && <ProductCreate onClose={() => setCreating(false)} />}
    </>
  );
}
