// PackageList.tsx - all packages, newest first.
//
// SPDX-License-Identifier: MIT
import { InboxOutlined } from "@ant-design/icons";
import { Button, Grid, Table } from "antd";
import { useState } from "react";
import { Link } from "react-router-dom";
import { LANGUAGES, useLanguage, useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { EmptyState } from "../../parts/EmptyState.tsx";
import { MoreRows } from "../../parts/MoreRows.tsx";
import { Page } from "../../parts/Page.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { NoProduct } from "../products/NoProduct.tsx";
import { useProducts } from "../products/useProducts.ts";
import { useMay } from "../session/useSession.ts";
import { narrowColumns, wideColumns } from "./packageColumns.tsx";
import { PackageFilters } from "./PackageFilters.tsx";
import { usePackages, type PackageFilter } from "./usePackages.ts";

function command(filter: PackageFilter): string {
  const words = ["tern", "package", "list"];
  if (filter.product_key) words.push(filter.product_key);
  if (filter.state) words.push("--state", filter.state);
  return commandLine(...words);
}

export default function PackageList() {
  const t = useTexts();
  const { tag } = LANGUAGES[useLanguage()];
  const isWide = Grid.useBreakpoint().md ?? true;
  const mayUpload = useMay("operator");
  const [filter, setFilter] = useState<PackageFilter>({});
  const products = useProducts();
  const { packages, ...query } = usePackages(filter);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const upload = mayUpload && (
    <Link to="/packages/new">
      <Button type="primary" tabIndex={-1}>
        {t.packages.upload}
      </Button>
    </Link>
  );
  const nothing = isFiltered ? (
    <EmptyState
      icon={<InboxOutlined />}
      title={t.packages.noneTitle}
      hint={t.devices.noneHint}
      action={<Button onClick={() => setFilter({})}>{t.devices.clearFilter}</Button>}
    />
  ) : (
    <EmptyState
      icon={<InboxOutlined />}
      title={t.packages.emptyTitle}
      hint={t.packages.emptyHint}
      action={upload}
    />
  );
  return (
    <Page
      title={t.packages.title}
      hint={t.packages.hint}
      actions={(isFiltered || packages.length > 0) && upload}
      commands={[command(filter)]}
    >
      {(isFiltered || packages.length > 0) && (
        <PackageFilters filter={filter} onChange={setFilter} />
      )}
      {query.error && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      <div className="card flush">
        {products.data?.length === 0 ? (
          <NoProduct title={t.packages.emptyTitle} />
        ) : !query.isPending && packages.length === 0 ? (
          nothing
        ) : (
          <Table
            rowKey="id"
            columns={isWide ? wideColumns(t, tag) : narrowColumns(t)}
            dataSource={packages}
            loading={query.isPending}
            pagination={false}
            showHeader={isWide}
          />
        )}
        <MoreRows
          shown={packages.length}
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      </div>
    </Page>
  );
}
