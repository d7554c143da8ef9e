// Facts.tsx - names and values, as a description list.
//
// SPDX-License-Identifier: MIT
import type { ReactNode } from "react";

export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.flatMap(([name, value]) => [
        <dt key={name}>{name}</dt>,
        <dd key={`${name}=`}>{value}</dd>,
      ])}
    </dl>
  );
}
