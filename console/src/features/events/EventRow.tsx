// EventRow.tsx - one event in a timeline.
//
// SPDX-License-Identifier: MIT
import type { TernEvent } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { TimeText } from "../../parts/TimeText.tsx";
import { eventText } from "./eventText.ts";

interface EventRowProps {
  event: TernEvent;
  showDevice: boolean;
}

export function EventRow({ event, showDevice }: EventRowProps) {
  const t = useTexts();
  const { title, tone, detail, words } = eventText(event, t);
  const byPerson = event.actor !== "device" && event.actor !== "server";
  const about = [
    showDevice ? event.device_name : "",
    detail,
    byPerson ? t.events.by(event.actor) : "",
  ].filter(Boolean);
  return (
    <li className={tone} data-kind={event.kind}>
      <div className="head">
        <span>{title}</span>
        <span className="muted">
          <TimeText ms={event.at_ms} as="clock" />
        </span>
      </div>
      {about.length > 0 && <div className="detail">{about.join(" · ")}</div>}
      {words && (
        <div className="detail" lang="en">
          {words}
        </div>
      )}
    </li>
  );
}
