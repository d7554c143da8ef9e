// Problem.tsx - a refusal or failure, in the server's sentence, with a way on.
//
// SPDX-License-Identifier: MIT
import { Alert, Button } from "antd";
import { useTexts } from "../i18n/language.ts";
import { problemText } from "./problemText.tsx";

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
