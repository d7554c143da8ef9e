// Problem.tsx - a refusal or failure, in the server's sentence, with a way on.
//
// SPDX-License-Identifier: MIT
import { Alert, Button } from "antd";
import type { ReactNode } from "react";
import { Refusal } from "../api/refusal.ts";
import { useTexts } from "../i18n/language.ts";
import type { Texts } from "../i18n/en.ts";

export function problemText(error: unknown, t: Texts): ReactNode {
  if (!(error instanceof Refusal) || error.status === 0) return t.common.noServer;
  if (error.status === 401) return t.session.ended;
  return <span lang="en">{error.message}</span>;
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
