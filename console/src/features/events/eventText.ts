// eventText.ts - an event as a title in the person's language, a tone, and what
// else is worth a line: a version, a reason, or the words of device and server.
// Tests: test/console/events.test.mjs
//
// SPDX-License-Identifier: MIT
import type { Schema, TernEvent } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Tone } from "../../parts/Pill.tsx";
import { reasonInWords } from "../tasks/reasons.ts";
import { taskTone } from "../tasks/taskText.ts";

export interface EventText {
  title: string;
  tone: Tone;
  detail: string;
  /** In English, as it came. */
  words: string;
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

/** Those whose words say more than their title. */
const WITH_WORDS: Kind[] = [
  "product.created",
  "product.updated",
  "token.created",
  "token.revoked",
  "task.failed",
  "task.rolled_back",
];

function taskStateText(event: EventFacts, t: Texts): EventText {
  const state = event.state as Schema["TaskState"];
  const words = event.text.replace(`${state}: `, "");
  const isEnd = state === "FAILED" || state === "CANCELED";
  const reason = isEnd ? reasonInWords(words) : undefined;
  return {
    title: t.events.task[state],
    tone: taskTone({ state }),
    detail: reason ? t.reasons[reason].what : isEnd ? "" : event.version,
    words: isEnd && !reason ? words : "",
  };
}

export function eventText(event: EventFacts, t: Texts): EventText {
  const plain = { tone: TONES[event.kind] ?? "plain", detail: "", words: "" };
  switch (event.kind) {
    case "task.state":
      return taskStateText(event, t);
    case "task.progress": {
      const isWhole = event.step >= 100;
      const title = isWhole ? t.events.downloaded : t.events.progress(event.step);
      return { ...plain, title };
    }
    case "package.state": {
      const state = event.state as Schema["PackageState"];
      const tone = PACKAGE_TONES[state] ?? "plain";
      return { ...plain, title: t.events.package[state], tone };
    }
    case "job.state":
      return { ...plain, title: t.events.job[event.state as Schema["Job"]["state"]] };
    case "device.inform":
      return { ...plain, title: t.events.inform(event.version) };
    default: {
      const title = t.events.kinds[event.kind] ?? event.kind; // of a newer server
      const words = WITH_WORDS.includes(event.kind) ? event.text : "";
      return { ...plain, title, detail: words ? "" : event.version, words };
    }
  }
}
