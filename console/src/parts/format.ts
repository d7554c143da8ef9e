// format.ts - times and sizes for people, in their language.
// Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

export function formatAgo(atMs: number, nowMs: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const past = Math.max(0, nowMs - atMs);
  if (past < 10_000) return format.format(0, "second"); // "now"
  for (const [unit, ms] of UNITS)
    if (past >= ms) return format.format(-Math.floor(past / ms), unit);
  return format.format(0, "second");
}

export function formatTime(atMs: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, {
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(atMs);
}

/** Today's need no date. */
export function formatClock(atMs: number, nowMs: number, tag: string): string {
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(
    tag,
    sameDay ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "medium" },
  ).format(atMs);
}

export function formatBytes(bytes: number, tag: string): string {
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${number.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${number.format(bytes / 1024)} KiB`;
  return `${number.format(bytes / 1024 / 1024)} MiB`;
}
