// TimeText.tsx - a time of the server: how long ago, or the clock.
//
// SPDX-License-Identifier: MIT
import { LANGUAGES, useLanguage, useTexts } from "../i18n/language.ts";
import { formatAgo, formatClock, formatTime } from "./format.ts";
import { useNow } from "./useNow.ts";

export function TimeText({ ms, as = "ago" }: { ms: number; as?: "ago" | "clock" }) {
  const { tag } = LANGUAGES[useLanguage()];
  const t = useTexts();
  const now = Math.max(useNow(), 0);
  if (ms === 0) return <span className="muted">{t.common.never}</span>;
  const text = as === "ago" ? formatAgo(ms, now, tag) : formatClock(ms, now, tag);
  return (
    <time
      className="nowrap"
      dateTime={new Date(ms).toISOString()}
      title={formatTime(ms, tag)}
    >
      {text}
    </time>
  );
}
