// productColumns.tsx - the columns of the list of products.
//
// SPDX-License-Identifier: MIT
import { Button, type TableColumnsType } from "antd";
import type { Product } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import { TimeText } from "../../parts/TimeText.tsx";

type OnSettings = ((productKey: string) => void) | undefined;

function keys(product: Product, t: Texts) {
  if (product.keys.length === 0)
    return <span className="muted">{t.products.keysNone}</span>;
  return t.products.keysCount(product.keys.length);
}

function slot(product: Product) {
  return <span className="nowrap">{Math.floor(product.slot_bytes / 1024)} KiB</span>;
}

function settings(product: Product, t: Texts, onSettings: OnSettings) {
  return (
    onSettings && (
      <Button
        aria-label={t.products.settingsOf(product.name)}
        onClick={() => onSettings(product.product_key)}
      >
        {t.products.settings}
      </Button>
    )
  );
}

export function narrowColumns(t: Texts, onSettings: OnSettings): TableColumnsType<Product> {
  return [
    {
      key: "product",
      title: t.products.name,
      render: (_, product) => (
        <div className="two-lines">
          <strong>{product.name}</strong>
          <div className="row muted">
            <code>{product.product_key}</code>
            <span>
              {t.products.slot}: {slot(product)}
            </span>
            <span>
              {t.products.keys}: {keys(product, t)}
            </span>
          </div>
          {settings(product, t, onSettings)}
        </div>
      ),
    },
  ];
}

export function wideColumns(t: Texts, onSettings: OnSettings): TableColumnsType<Product> {
  return [
    { key: "name", title: t.products.name, dataIndex: "name" },
    {
      key: "key",
      title: t.products.key,
      render: (_, product) => <code>{product.product_key}</code>,
    },
    { key: "keys", title: t.products.keys, render: (_, product) => keys(product, t) },
    { key: "slot", title: t.products.slot, render: (_, product) => slot(product) },
    {
      key: "created",
      title: t.products.created,
      render: (_, product) => <TimeText ms={product.created_ms} />,
    },
    {
      key: "settings",
      title: <span className="hidden">{t.products.settings}</span>,
      align: "right",
      render: (_, product) => settings(product, t, onSettings),
    },
  ];
}
