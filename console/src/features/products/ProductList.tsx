// ProductList.tsx - the products: what devices and packages belong to.
//
// SPDX-License-Identifier: MIT
import { AppstoreOutlined } from "@ant-design/icons";
import { Button, Grid, Table } from "antd";
import { useState } from "react";
import { useTexts } from "../../i18n/language.ts";
import { EmptyState } from "../../parts/EmptyState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { useMay } from "../session/useSession.ts";
import { narrowColumns, wideColumns } from "./productColumns.tsx";
import { ProductCreate } from "./ProductCreate.tsx";
import { ProductSettings } from "./ProductSettings.tsx";
import { useProducts } from "./useProducts.ts";

export default function ProductList() {
  const t = useTexts();
  const isWide = Grid.useBreakpoint().md ?? true;
  const mayCreate = useMay("admin");
  const { data: products = [], ...query } = useProducts();
  const [creating, setCreating] = useState(false);
  const [settingsOf, setSettingsOf] = useState<string>();
  const isEmpty = !query.isPending && products.length === 0;
  const onSettings = mayCreate ? setSettingsOf : undefined;
  const edited = products.find((p) => p.product_key === settingsOf);
  const create = mayCreate && (
    <Button type="primary" onClick={() => setCreating(true)}>
      {t.products.create}
    </Button>
  );
  return (
    <Page
      title={t.products.title}
      hint={t.products.hint}
      actions={!isEmpty && create}
      commands={["tern product list"]}
    >
      {query.error && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      <div className="card flush">
        {isEmpty ? (
          <EmptyState
            icon={<AppstoreOutlined />}
            title={t.products.emptyTitle}
            hint={t.products.emptyHint}
            action={create}
          />
        ) : (
          <Table
            rowKey="product_key"
            columns={isWide ? wideColumns(t, onSettings) : narrowColumns(t, onSettings)}
            dataSource={products}
            loading={query.isPending}
            pagination={false}
            showHeader={isWide}
          />
        )}
      </div>
      {creating && <ProductCreate onClose={() => setCreating(false)} />}
      {edited && (
        <ProductSettings product={edited} onClose={() => setSettingsOf(undefined)} />
      )}
    </Page>
  );
}
