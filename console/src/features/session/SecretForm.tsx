// SecretForm.tsx - one field for the secret; on the sign-in page and in the
// dialog that asks again. Plain HTML: it is the first thing that a browser
// shows, before Ant Design is there.
//
// SPDX-License-Identifier: MIT
import { useState, type FormEvent, type ReactNode } from "react";
import { Refusal } from "../../api/refusal.ts";
import type { Texts } from "../../i18n/en.ts";
import { useTexts } from "../../i18n/language.ts";
import { problemText } from "../../parts/problemText.tsx";
import { useSignIn } from "./useSession.ts";

function whyNot(error: unknown, t: Texts): ReactNode {
  if (error instanceof Refusal && error.status === 401) return t.session.wrong;
  return problemText(error, t);
}

export function SecretForm({ id }: { id: string }) {
  const t = useTexts();
  const signIn = useSignIn();
  const [secret, setSecret] = useState("");
  const [isMissing, setMissing] = useState(false);
  const wrong = isMissing ? t.session.missing : signIn.error && whyNot(signIn.error, t);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = secret.trim();
    setMissing(!given);
    if (given && !signIn.isPending) signIn.mutate(given);
  };
  return (
    <form id={id} className="secret" noValidate onSubmit={submit}>
      <label htmlFor={`${id}-secret`}>{t.session.secret}</label>
      <input
        id={`${id}-secret`}
        type="password"
        autoFocus
        autoComplete="current-password"
        value={secret}
        aria-invalid={Boolean(wrong)}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => setSecret(event.target.value)}
      />
      <div id={`${id}-wrong`} role="alert">
        {wrong && <p className="reason">{wrong}</p>}
      </div>
      <button className="main-button" type="submit" aria-busy={signIn.isPending}>
        {t.session.submit}
      </button>
    </form>
  );
}
