// Problem.tsx - a refusal or failure, in the server's sentence, with a way on.
//
// SPDX-License-Identifier: MIT
import { Alert, Button } from "antd";
import { Refusal } from "../api/refusal.ts";
import { useTexts } from "../i18n/language.ts";
import type { Texts } from "../i18n/en.ts";

export function problemText(error: unknown, t: Texts): string {
  if (error instanceof Refusal && error.status === 401) return t.session.ended;
  if (error instanceof Refusal && error.status > 0) return error.message;
  return t.common.noServer;
}

interface ProblemProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

export function Problem({ error, title, onRetry }: ProblemProps) {
  const t = useTexts();
  return (
    <Alert
      type="error"
      showIcon
      message={title ?? t.common.failedToLoad}
      description={problemText(error, t)}
      action={onRetry && <Button onClick={onRetry}>{t.common.tryAgain}</Button>}
    />
  );
}
