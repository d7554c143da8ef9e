// packageColumns.tsx - the columns of the list of packages.
//
// SPDX-License-Identifier: MIT
import type { TableColumnsType } from "antd";
import { Link } from "react-router-dom";
import type { Package } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import { formatBytes } from "../../parts/format.ts";
import { TimeText } from "../../parts/TimeText.tsx";
import { PackageState } from "./PackageState.tsx";

function title(p: Package) {
  return <Link to={`/packages/${p.id}`}>{p.version}</Link>;
}

/** A name that only repeats the version says nothing. */
function name(p: Package) {
  return p.name === p.version ? null : <span className="muted">{p.name}</span>;
}

export function narrowColumns(t: Texts): TableColumnsType<Package> {
  return [
    {
      key: "package",
      title: t.packages.name,
      render: (_, p) => (
        <div className="two-lines">
          <div className="row">
            {title(p)}
            <PackageState state={p.state} />
          </div>
          <div className="row muted">
            {name(p)}
            <span>{p.product_key}</span>
            <TimeText ms={p.created_ms} />
          </div>
        </div>
      ),
    },
  ];
}

export function wideColumns(t: Texts, tag: string): TableColumnsType<Package> {
  return [
    {
      key: "package",
      title: t.packages.name,
      render: (_, p) => (
        <div className="two-lines">
          {title(p)}
          {name(p)}
        </div>
      ),
    },
    { key: "product", title: t.devices.product, dataIndex: "product_key" },
    {
      key: "state",
      title: t.packages.state,
      render: (_, p) => <PackageState state={p.state} />,
    },
    {
      key: "size",
      title: t.packages.size,
      render: (_, p) => <span className="nowrap">{formatBytes(p.size_bytes, tag)}</span>,
    },
    {
      key: "created",
      title: t.packages.created,
      render: (_, p) => <TimeText ms={p.created_ms} />,
    },
  ];
}
