// SignIn.tsx - the first page of a browser that nobody is signed in with.
//
// SPDX-License-Identifier: MIT
import { useEffect } from "react";
import { Preferences } from "../../app/Preferences.tsx";
import { useTexts } from "../../i18n/language.ts";
import { CommandLine } from "../../parts/CommandLine.tsx";
import { SecretForm } from "./SecretForm.tsx";

export function SignIn() {
  const t = useTexts();
  useEffect(() => {
    document.title = t.titleOf(t.session.title);
  }, [t]);
  return (
    <main className="entry">
      <div className="card stack">
        <div>
          <h1 className="brand">
            <img src="/tern.svg" alt="" />
            {t.product}
          </h1>
          <p className="muted">{t.tagline}</p>
        </div>
        <SecretForm id="sign-in" />
        <div className="stack" style={{ gap: 10 }}>
          <CommandLine
            label={t.session.where}
            commands={["cat ~/.local/share/tern/admin.token"]}
          />
          <p className="muted">{t.session.whereTokens}</p>
        </div>
      </div>
      <Preferences />
    </main>
  );
}
