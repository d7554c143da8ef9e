// language.ts - which language is spoken: the person's choice, else the
// browser's. Dates and sizes follow it.
//
// SPDX-License-Identifier: MIT
import { createContext, useContext } from "react";
import { en, type Texts } from "./en.ts";
import { zh } from "./zh.ts";

export type Language = "en" | "zh";
export const LANGUAGES: Record<Language, { name: string; tag: string; texts: Texts }> = {
  en: { name: "English", tag: "en", texts: en },
  zh: { name: "中文", tag: "zh-CN", texts: zh },
};

export function languageOfBrowser(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return "zh";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

export const LanguageContext = createContext<Language>("en");

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

export function useTexts(): Texts {
  return LANGUAGES[useLanguage()].texts;
}
