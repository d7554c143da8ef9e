// DeviceList.tsx - all devices that one may see.
//
// SPDX-License-Identifier: MIT
import { HddOutlined } from "@ant-design/icons";
import { Button, Grid, Table } from "antd";
import { useState } from "react";
import { useTexts } from "../../i18n/language.ts";
import { commandLine } from "../../parts/command.ts";
import { EmptyState } from "../../parts/EmptyState.tsx";
import { MoreRows } from "../../parts/MoreRows.tsx";
import { Page } from "../../parts/Page.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { NoProduct } from "../products/NoProduct.tsx";
import { useProducts } from "../products/useProducts.ts";
import { useMay } from "../session/useSession.ts";
import { narrowColumns, wideColumns } from "./deviceColumns.tsx";
import { DeviceCreate } from "./DeviceCreate.tsx";
import { DeviceFilters } from "./DeviceFilters.tsx";
import { useDevices, type DeviceFilter } from "./useDevices.ts";

function command(filter: DeviceFilter): string {
  const words = ["tern", "device", "list"];
  if (filter.product_key) words.push(filter.product_key);
  if (filter.q) words.push("--name", filter.q);
  if (filter.online) words.push(filter.online === "true" ? "--online" : "--offline");
  return commandLine(...words);
}

export default function DeviceList() {
  const t = useTexts();
  const isWide = Grid.useBreakpoint().md ?? true;
  const mayAdd = useMay("admin");
  const [filter, setFilter] = useState<DeviceFilter>({});
  const [adding, setAdding] = useState(false);
  const products = useProducts();
  const { devices, ...query } = useDevices(filter);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const hasNoProduct = products.data?.length === 0;
  const add = (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t.devices.add}
    </Button>
  );
  const nothing = isFiltered ? (
    <EmptyState
      icon={<HddOutlined />}
      title={t.devices.noneTitle}
      hint={t.devices.noneHint}
      action={<Button onClick={() => setFilter({})}>{t.devices.clearFilter}</Button>}
    />
  ) : (
    <EmptyState
      icon={<HddOutlined />}
      title={t.devices.emptyTitle}
      hint={t.devices.emptyHint}
      action={mayAdd && add}
    />
  );
  const showsAdd = mayAdd && (isFiltered || devices.length > 0);
  return (
    <Page
      title={t.devices.title}
      hint={t.devices.hint}
      actions={showsAdd && add}
      commands={[command(filter)]}
    >
      {(isFiltered || devices.length > 0) && (
        <DeviceFilters filter={filter} onChange={setFilter} />
      )}
      {query.error && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      <div className="card flush">
        {hasNoProduct ? (
          <NoProduct title={t.devices.emptyTitle} />
        ) : !query.isPending && devices.length === 0 ? (
          nothing
        ) : (
          <Table
            rowKey={(d) => `${d.product_key}/${d.device_name}`}
            columns={isWide ? wideColumns(t) : narrowColumns(t)}
            dataSource={devices}
            loading={query.isPending}
            pagination={false}
            showHeader={isWide}
          />
        )}
        <MoreRows
          shown={devices.length}
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      </div>
      {adding && <DeviceCreate onClose={() => setAdding(false)} />}
    </Page>
  );
}
