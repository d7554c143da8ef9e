// Pill.tsx - one word of state. The word says it; the colour only helps.
//
// SPDX-License-Identifier: MIT
import type { ReactNode } from "react";

export type Tone = "plain" | "good" | "warn" | "bad" | "busy";

export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`pill ${tone}`}>{children}</span>;
}
