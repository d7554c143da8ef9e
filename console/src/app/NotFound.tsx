// NotFound.tsx - an address that leads nowhere.
//
// SPDX-License-Identifier: MIT
import { QuestionCircleOutlined } from "@ant-design/icons";
import { Link } from "react-router-dom";
import { useTexts } from "../i18n/language.ts";
import { EmptyState } from "../parts/EmptyState.tsx";
import { Page } from "../parts/Page.tsx";

export function NotFound() {
  const t = useTexts();
  return (
    <Page title={t.errors.notFoundTitle}>
      <div className="card">
        <EmptyState
          icon={<QuestionCircleOutlined />}
          title={t.errors.notFoundHint}
          action={<Link to="/devices">{t.errors.toDevices}</Link>}
        />
      </div>
    </Page>
  );
}
