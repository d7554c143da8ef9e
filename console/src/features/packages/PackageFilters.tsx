// PackageFilters.tsx - which packages the list shows.
//
// SPDX-License-Identifier: MIT
import { Select } from "antd";
import type { Package } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { ProductSelect } from "../products/ProductSelect.tsx";
import type { PackageFilter } from "./usePackages.ts";

interface PackageFiltersProps {
  filter: PackageFilter;
  onChange: (filter: PackageFilter) => void;
}

type StateChoice = Package["state"] | "any";

export function PackageFilters({ filter, onChange }: PackageFiltersProps) {
  const t = useTexts();
  const states = Object.keys(t.packages.states) as Package["state"][];
  return (
    <div className="filters" role="search">
      <ProductSelect
        withAll
        value={filter.product_key}
        onChange={(product_key) => onChange({ ...filter, product_key })}
      />
      <Select<StateChoice>
        aria-label={t.packages.state}
        style={{ width: 200 }}
        value={filter.state ?? "any"}
        options={[
          { value: "any", label: t.packages.allStates },
          ...states.map((value) => ({ value, label: t.packages.states[value] })),
        ]}
        onChange={(state) =>
          onChange({ ...filter, state: state === "any" ? undefined : state })
        }
      />
    </div>
  );
}
