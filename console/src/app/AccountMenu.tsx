// AccountMenu.tsx - language, appearance, who is signed in, sign out.
//
// SPDX-License-Identifier: MIT
import { LogoutOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useSession, useSignOut } from "../features/session/useSession.ts";
import { useTexts } from "../i18n/language.ts";
import { Preferences } from "./Preferences.tsx";

export function AccountMenu() {
  const t = useTexts();
  const { data: session } = useSession();
  const signOut = useSignOut();
  const content = (
    <div className="stack" style={{ gap: 14 }}>
      {session && (
        <span className="muted">
          {t.menu.signedInAs(session.name, t.roles[session.role])}
        </span>
      )}
      <Preferences />
      <Button
        icon={<LogoutOutlined />}
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        {t.menu.signOut}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" placement="topRight" content={content}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t.menu.open} />
    </Popover>
  );
}
