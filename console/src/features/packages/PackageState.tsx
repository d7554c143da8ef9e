// PackageState.tsx - whether a package has proved itself, in one pill.
//
// SPDX-License-Identifier: MIT
import type { Package } from "../../api/client.ts";
import { useTexts } from "../../i18n/language.ts";
import { Pill, type Tone } from "../../parts/Pill.tsx";

const TONES: Record<Package["state"], Tone> = {
  NOT_NEEDED: "plain",
  UNVERIFIED: "warn",
  VERIFYING: "busy",
  VERIFIED: "good",
  VERIFY_FAILED: "bad",
};

export function PackageState({ state }: { state: Package["state"] }) {
  const t = useTexts();
  return <Pill tone={TONES[state]}>{t.packages.states[state]}</Pill>;
}
