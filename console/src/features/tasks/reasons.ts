// reasons.ts - why an update ended or waits, from the words of device and
// server to a sentence and what to do. Words that are not known here are shown
// as they are, under the sentence for their step.
// The words: agent/update.c, agent/download.c, agent/report.c,
// image/image_why.h, server/core/task_run.c.
// Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
import type { Task } from "../../api/client.ts";
import type { Texts } from "../../i18n/en.ts";

export type ReasonName = keyof Texts["reasons"];
export type WaitName = keyof Texts["waits"];

/** The first that fits counts. */
const WORDS: [RegExp, ReasonName][] = [
  [/^rolled back:/, "rolledBack"],
  [/^bootloader refused /, "bootRefused"],
  [/^active slot was damaged/, "activeCorrupt"],
  [/^push refused:/, "pushRefused"],
  [/^does not fit|larger than the space|does not fit the space/, "tooLarge"],
  [/^the running firmware is not confirmed/, "unconfirmed"],
  [/key that is not trusted/, "keyUnknown"],
  [/signature: there is none/, "notSigned"],
  [/signature: does not match/, "signatureWrong"],
  [/hash: the image differs/, "hashWrong"],
  [/digest of the download differs/, "digest"],
  [/security counter is below|version is older than/, "downgrade"],
  [/^pushed version differs/, "versionDiffers"],
  [/^image refused: /, "imageBad"],
  [/^download failed/, "download"],
  [/^the download failed/, "download"],
  [/^flash failed|^journal:|^boot record:|^trial could not be armed/, "flash"],
  [/^came back with .* after \d+ attempts/, "cameBack"],
  [/^came back with .* neither /, "otherVersion"],
  [/^did not run .* in time/, "timeout"],
  [/^canceled by /, "canceled"],
];

const BY_STEP: Record<number, ReasonName> = {
  [-1]: "upgrade",
  [-2]: "download",
  [-3]: "verification",
  [-4]: "flash",
};

export function reasonInWords(words: string): ReasonName | undefined {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

export function reasonOf(step: number, words: string): ReasonName {
  return reasonInWords(words) ?? BY_STEP[step] ?? "upgrade";
}

/** Whose words they are: only a device speaks with a step below 0. */
export function isDeviceSpeaking(task: Pick<Task, "step">): boolean {
  return task.step < 0;
}

const WAITS: [RegExp, WaitName][] = [
  [/device is disabled/, "disabled"],
  [/has never connected/, "neverConnected"],
  [/is offline since/, "offline"],
  [/already began an update/, "nextStart"],
];

export function waitOf(words: string): WaitName | undefined {
  return WAITS.find(([pattern]) => pattern.test(words))?.[1];
}
