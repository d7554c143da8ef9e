// Preferences.tsx - language and appearance, as two small choices.
//
// SPDX-License-Identifier: MIT
import { LANGUAGES, useTexts, type Language } from "../i18n/language.ts";
import { Choice } from "../parts/Choice.tsx";
import { Icon } from "../parts/Icon.tsx";
import { setPreference, usePreferences } from "./preferences.ts";

export function Preferences() {
  const t = useTexts();
  const { language, theme } = usePreferences();
  return (
    <div className="preferences">
      <Choice
        label={t.menu.language}
        value={language}
        options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
          value,
          title: LANGUAGES[value].name,
        }))}
        onChange={(value) => setPreference({ language: value })}
      />
      <Choice
        label={t.menu.theme}
        value={theme}
        options={[
          { value: "system", icon: <Icon name="screen" />, title: t.menu.system },
          { value: "light", icon: <Icon name="sun" />, title: t.menu.light },
          { value: "dark", icon: <Icon name="moon" />, title: t.menu.dark },
        ]}
        onChange={(value) => setPreference({ theme: value })}
      />
    </div>
  );
}
