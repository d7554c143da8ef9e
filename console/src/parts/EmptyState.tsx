// EmptyState.tsx - nothing to show, and what to do about it.
//
// SPDX-License-Identifier: MIT
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  hint?: string;
  action?: ReactNode;
}

export function EmptyState({ icon, title, hint, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="icon" aria-hidden>
        {icon}
      </span>
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {action && <div className="action">{action}</div>}
    </div>
  );
}
