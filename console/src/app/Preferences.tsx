// Preferences.tsx - language and appearance, as two small choices.
//
// SPDX-License-Identifier: MIT
import { DesktopOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Segmented } from "antd";
import { LANGUAGES, useTexts, type Language } from "../i18n/language.ts";
import { setPreference, usePreferences, type ThemeChoice } from "./preferences.ts";

export function Preferences() {
  const t = useTexts();
  const { language, theme } = usePreferences();
  return (
    <div className="filters" style={{ justifyContent: "center" }}>
      <Segmented<Language>
        aria-label={t.menu.language}
        value={language}
        style={{ minWidth: 0 }}
        options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
          value,
          label: LANGUAGES[value].name,
        }))}
        onChange={(value) => setPreference({ language: value })}
      />
      <Segmented<ThemeChoice>
        aria-label={t.menu.theme}
        value={theme}
        style={{ minWidth: 0 }}
        options={[
          { value: "system", icon: <DesktopOutlined />, title: t.menu.system },
          { value: "light", icon: <SunOutlined />, title: t.menu.light },
          { value: "dark", icon: <MoonOutlined />, title: t.menu.dark },
        ].map((o) => ({ ...o, value: o.value as ThemeChoice, label: <span className="hidden">{o.title}</span> }))}
        onChange={(value) => setPreference({ theme: value })}
      />
    </div>
  );
}
