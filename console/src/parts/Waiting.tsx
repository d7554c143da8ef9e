// Waiting.tsx - something is on its way; shown only once it takes a while.
//
// SPDX-License-Identifier: MIT
import { useTexts } from "../i18n/language.ts";

export function Waiting() {
  const t = useTexts();
  return (
    <div className="waiting">
      <span className="dot wait" aria-hidden />
      <span className="muted">{t.common.loading}</span>
    </div>
  );
}
