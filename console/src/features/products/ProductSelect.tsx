// ProductSelect.tsx - choose one product, or all where that makes sense.
//
// SPDX-License-Identifier: MIT
import { Select } from "antd";
import { useTexts } from "../../i18n/language.ts";
import { useProducts } from "./useProducts.ts";

interface ProductSelectProps {
  /** Given by Form.Item, like value and onChange. */
  id?: string;
  withAll?: boolean;
  value?: string;
  onChange?: (productKey: string | undefined) => void;
}

const ALL = "";

export function ProductSelect({ id, withAll, value, onChange }: ProductSelectProps) {
  const t = useTexts();
  const { data: products = [], isPending } = useProducts();
  const options = products.map((p) => ({
    value: p.product_key,
    label: p.name === p.product_key ? p.name : `${p.name} (${p.product_key})`,
  }));
  if (withAll) options.unshift({ value: ALL, label: t.devices.allProducts });
  return (
    <Select
      id={id}
      showSearch={products.length > 8}
      optionFilterProp="label"
      loading={isPending}
      aria-label={withAll ? t.devices.product : undefined}
      style={withAll ? { width: 220 } : undefined}
      value={value ?? (withAll ? ALL : undefined)}
      options={options}
      onChange={(next: string) => onChange?.(next === ALL ? undefined : next)}
    />
  );
}
