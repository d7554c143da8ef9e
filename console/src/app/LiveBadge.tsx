// LiveBadge.tsx - says whether what is shown is kept up to date.
//
// SPDX-License-Identifier: MIT
import { useLive } from "../api/live.tsx";
import { useTexts } from "../i18n/language.ts";

export function LiveBadge() {
  const t = useTexts();
  const state = useLive();
  const hint = state === "reconnecting" ? t.live.reconnectingHint : t.live.liveHint;
  return (
    <span className="presence" role="status" title={hint} data-live={state}>
      <span className={state === "live" ? "dot on" : "dot wait"} aria-hidden />
      {t.live[state]}
    </span>
  );
}
