// Card.tsx - a titled part of a page.
//
// SPDX-License-Identifier: MIT
import { useId, type ReactNode } from "react";

interface CardProps {
  title: string;
  beside?: ReactNode;
  children: ReactNode;
}

export function Card({ title, beside, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}
