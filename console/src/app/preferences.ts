// preferences.ts - language and appearance: what this browser was told, kept in
// its local storage. A browser that forbids storage keeps them for the visit.
//
// SPDX-License-Identifier: MIT
import { useSyncExternalStore } from "react";
import { languageOfBrowser, type Language } from "../i18n/language.ts";

export type ThemeChoice = "system" | "light" | "dark";

interface Preferences {
  language: Language;
  theme: ThemeChoice;
}

const KEY = "tern.preferences";
const listeners = new Set<() => void>();
let now: Preferences = load();

function load(): Preferences {
  const start: Preferences = {
    language: languageOfBrowser(navigator.languages),
    theme: "system",
  };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    if (kept.language === "en" || kept.language === "zh") start.language = kept.language;
    if (kept.theme === "light" || kept.theme === "dark") start.theme = kept.theme;
  } catch {
    // no storage, or what is there is not ours
  }
  return start;
}

export function setPreference(change: Partial<Preferences>): void {
  now = { ...now, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // no storage: this visit only
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => now);
}

const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

export function useIsDark(): boolean {
  const { theme } = usePreferences();
  const dark = useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener("change", listener);
      return () => systemDark.removeEventListener("change", listener);
    },
    () => systemDark.matches,
  );
  return theme === "system" ? dark : theme === "dark";
}
