// ErrorBoundary.tsx - a page that breaks leaves the frame standing and says so.
// A class: React has no other form for it.
//
// SPDX-License-Identifier: MIT
import { Alert, Button } from "antd";
import { Component, type ReactNode } from "react";
import { useTexts } from "../i18n/language.ts";

function Broken({ error }: { error: Error }) {
  const t = useTexts();
  return (
    <Alert
      type="error"
      showIcon
      message={t.errors.pageTitle}
      description={
        <>
          <p>{t.errors.pageHint}</p>
          <code>{String(error)}</code>
        </>
      }
      action={
        <Button onClick={() => window.location.reload()}>{t.errors.reload}</Button>
      }
    />
  );
}

export class ErrorBoundary extends Component<
  { children: ReactNode },
  { error: Error | undefined }
> {
  state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    const { error } = this.state;
    return error ? <Broken error={error} /> : this.props.children;
  }
}
