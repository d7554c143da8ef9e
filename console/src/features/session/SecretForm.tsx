// SecretForm.tsx - one field for the secret; on the sign-in page and in the
// dialog that asks again.
//
// SPDX-License-Identifier: MIT
import { Alert, Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { Refusal } from "../../api/refusal.ts";
import type { Texts } from "../../i18n/en.ts";
import { useTexts } from "../../i18n/language.ts";
import { problemText } from "../../parts/Problem.tsx";
import { useSignIn } from "./useSession.ts";

function whyNot(error: unknown, t: Texts): ReactNode {
  if (error instanceof Refusal && error.status === 401) return t.session.wrong;
  return problemText(error, t);
}

export function SecretForm({ id }: { id: string }) {
  const t = useTexts();
  const signIn = useSignIn();
  return (
    <Form
      name={id}
      layout="vertical"
      requiredMark={false}
      onFinish={({ secret }: { secret: string }) => signIn.mutate(secret.trim())}
    >
      <Form.Item
        name="secret"
        label={t.session.secret}
        rules={[{ required: true, whitespace: true, message: t.session.missing }]}
      >
        <Input.Password autoFocus size="large" autoComplete="current-password" />
      </Form.Item>
      {signIn.error && (
        <Form.Item>
          <Alert type="error" showIcon message={whyNot(signIn.error, t)} />
        </Form.Item>
      )}
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        block
        loading={signIn.isPending}
      >
        {t.session.submit}
      </Button>
    </Form>
  );
}
