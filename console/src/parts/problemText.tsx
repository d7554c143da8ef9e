// problemText.tsx - a failed request in words: the server's own sentence, or ours
// if it gave none.
//
// SPDX-License-Identifier: MIT
import type { ReactNode } from "react";
import { Refusal } from "../api/refusal.ts";
import type { Texts } from "../i18n/en.ts";

export function problemText(error: unknown, t: Texts): ReactNode {
  if (!(error instanceof Refusal) || error.status === 0) return t.common.noServer;
  if (error.status === 401) return t.session.ended;
  return <span lang="en">{error.message}</span>;
}
