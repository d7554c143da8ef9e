// UploadResult.tsx - how an upload is going, or why it was refused.
//
// SPDX-License-Identifier: MIT
import { Alert, Button, Progress } from "antd";
import { Refusal } from "../../api/refusal.ts";
import { useTexts } from "../../i18n/language.ts";
import { Card } from "../../parts/Card.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { ChecksList } from "./ChecksList.tsx";

interface UploadResultProps {
  isPending: boolean;
  percent: number;
  error: unknown;
  onCancel: () => void;
}

function isCanceled(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function UploadResult({ isPending, percent, error, onCancel }: UploadResultProps) {
  const t = useTexts();
  if (isPending) {
    const text = percent < 100 ? t.upload.uploading(percent) : t.upload.checking;
    return (
      <div role="status">
        <p>{text}</p>
        <Progress percent={percent} showInfo={false} status="active" aria-label={text} />
        <Button onClick={onCancel}>{t.common.cancel}</Button>
      </div>
    );
  }
  if (!error) return null;
  if (isCanceled(error)) return <Alert type="info" showIcon message={t.upload.canceled} />;
  const checks = error instanceof Refusal ? error.checks : [];
  return (
    <>
      <Problem error={error} title={t.upload.refusedTitle} />
      {checks.length > 0 && (
        <Card title={t.packages.checks}>
          <ChecksList checks={checks} />
        </Card>
      )}
    </>
  );
}
