// DeviceFilters.tsx - which devices the list shows.
//
// SPDX-License-Identifier: MIT
import { Input, Select } from "antd";
import { useTexts } from "../../i18n/language.ts";
import { ProductSelect } from "../products/ProductSelect.tsx";
import type { DeviceFilter } from "./useDevices.ts";

interface DeviceFiltersProps {
  filter: DeviceFilter;
  onChange: (filter: DeviceFilter) => void;
}

type OnlineChoice = "any" | "true" | "false";

export function DeviceFilters({ filter, onChange }: DeviceFiltersProps) {
  const t = useTexts();
  return (
    <div className="filters" role="search">
      <Input
        allowClear
        style={{ width: 220 }}
        placeholder={t.devices.search}
        aria-label={t.devices.search}
        value={filter.q ?? ""}
        onChange={(e) => onChange({ ...filter, q: e.target.value || undefined })}
      />
      <ProductSelect
        withAll
        value={filter.product_key}
        onChange={(product_key) => onChange({ ...filter, product_key })}
      />
      <Select<OnlineChoice>
        aria-label={t.devices.presence}
        value={filter.online ?? "any"}
        options={[
          { value: "any", label: `${t.devices.presence}: ${t.common.all}` },
          { value: "true", label: t.devices.online },
          { value: "false", label: t.devices.offline },
        ]}
        onChange={(online) =>
          onChange({ ...filter, online: online === "any" ? undefined : online })
        }
      />
    </div>
  );
}
