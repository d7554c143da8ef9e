// EventRow.tsx - one event in a timeline.
//
// SPDX-License-Identifier: MIT
import type { TernEvent } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { TimeText } from "../../parts/TimeText.tsx";
import { eventText } from "./eventText.ts";

export function EventRow({ event, showDevice }: { event: TernEvent; showDevice: boolean }) {
  const t = useTexts();
  const { title, detail, tone } = eventText(event, t);
  const byPerson = event.actor !== "device" && event.actor !== "server";
  const small = [
    showDevice ? event.device_name : "",
    detail,
    byPerson ? t.events.by(event.actor) : "",
  ].filter(Boolean);
  return (
    <li className={tone} data-event={event.id}>
      <div className="head">
        <span>{title}</span>
        <span className="muted">
          <TimeText ms={event.at_ms} as="clock" />
        </span>
      </div>
      {small.length > 0 && <div className="detail">{small.join(" · ")}</div>}
    </li>
  );
}
