// Icon.tsx - the few pictures that are wanted before Ant Design is there.
//
// SPDX-License-Identifier: MIT
const LINES = {
  check: "M4 12.5l5.5 5.5L20 7",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  screen: "M3 5h18v12H3zM8 21h8M12 17v4",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
};

export function Icon({ name }: { name: keyof typeof LINES }) {
  return (
    <svg className="icon-line" viewBox="0 0 24 24" aria-hidden>
      <path d={LINES[name]} />
    </svg>
  );
}
