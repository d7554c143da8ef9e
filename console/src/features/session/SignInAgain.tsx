// SignInAgain.tsx - asks for the secret over whatever is open when a session
// ends; behind it nothing is closed, so a form keeps what was typed.
//
// SPDX-License-Identifier: MIT
import { Button, Modal } from "antd";
import { useEffect, useState } from "react";
import { renewal } from "../../api/renewal.ts";
import { useTexts } from "../../i18n/language.ts";
import { SecretForm } from "./SecretForm.tsx";
import { useSignOut } from "./useSession.ts";

export function SignInAgain() {
  const t = useTexts();
  const signOut = useSignOut();
  const [asking, setAsking] = useState(false);
  useEffect(() => renewal.onAsk(setAsking), []);
  return (
    <Modal
      open={asking}
      title={t.session.againTitle}
      footer={null}
      closable={false}
      keyboard={false}
      maskClosable={false}
      width={420}
      zIndex={2000}
      destroyOnHidden
    >
      <div className="stack" style={{ gap: 12 }}>
        <p className="muted">{t.session.againHint}</p>
        <SecretForm id="sign-in-again" />
        <Button type="text" onClick={() => signOut.mutate()}>
          {t.menu.signOut}
        </Button>
      </div>
    </Modal>
  );
}
