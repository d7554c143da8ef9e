// eventText.ts - an event as a title in the person's language, a tone, and the
// words of device or server where they say more.
// Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
import type { Schema, TernEvent } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Tone } from "../../parts/Pill.tsx";
import { taskTone } from "../tasks/taskText.ts";

export interface EventText {
  title: string;
  detail: string;
  tone: Tone;
}

type EventFacts = Pick<TernEvent, "kind" | "text" | "step" | "state" | "version">;
type Kind = Schema["EventKind"];

const TONES: Partial<Record<Kind, Tone>> = {
  "device.online": "good",
  "task.pushed": "busy",
  "task.progress": "busy",
  "task.verified": "busy",
  "task.armed": "busy",
  "task.trial": "busy",
  "task.failed": "bad",
  "task.rolled_back": "bad",
  "broker.lost": "bad",
};

const PACKAGE_TONES: Partial<Record<Schema["PackageState"], Tone>> = {
  VERIFIED: "good",
  VERIFY_FAILED: "bad",
  VERIFYING: "busy",
};

/** "FAILED: why" to "why"; the title has the state already. */
function withoutState(event: EventFacts): string {
  const begin = `${event.state}: `;
  return event.text.startsWith(begin) ? event.text.slice(begin.length) : event.text;
}

function progressText(event: EventFacts, t: Texts): EventText {
  const title =
    event.step < 100 ? t.events.progress(event.step) : t.events.downloaded;
  return { title, detail: event.text, tone: "busy" };
}

export function eventText(event: EventFacts, t: Texts): EventText {
  switch (event.kind) {
    case "task.progress":
      return progressText(event, t);
    case "task.state": {
      const state = event.state as Schema["TaskState"];
      const title = t.events.task[state];
      return { title, detail: withoutState(event), tone: taskTone({ state }) };
    }
    case "package.state": {
      const state = event.state as Schema["PackageState"];
      const tone = PACKAGE_TONES[state] ?? "plain";
      return { title: t.events.package[state], detail: event.version, tone };
    }
    case "job.state": {
      const title = t.events.job[event.state as Schema["Job"]["state"]];
      return { title, detail: "", tone: "plain" };
    }
    case "device.inform":
      return { title: t.events.inform(event.version), detail: "", tone: "plain" };
    case "task.verified":
    case "task.armed":
    case "task.trial":
    case "device.online":
    case "device.offline":
      // The title says it all; what is left are the wire's words for it.
      return { title: t.events.kinds[event.kind], detail: "", tone: TONES[event.kind] ?? "plain" };
    default:
      return {
        title: t.events.kinds[event.kind] ?? event.kind, // of a newer server
        detail: event.text,
        tone: TONES[event.kind] ?? "plain",
      };
  }
}
