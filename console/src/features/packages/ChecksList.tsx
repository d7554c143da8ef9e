// ChecksList.tsx - what the server looked at in a file, one by one.
//
// SPDX-License-Identifier: MIT
import {
  CheckCircleFilled,
  CloseCircleFilled,
  ExclamationCircleFilled,
  MinusCircleOutlined,
} from "@ant-design/icons";
import type { Check } from "../../api/refusal.ts";
import { useTexts } from "../../i18n/language.ts";

const SIGNS: Record<Check["state"], JSX.Element> = {
  ok: <CheckCircleFilled />,
  warning: <ExclamationCircleFilled />,
  failed: <CloseCircleFilled />,
  skipped: <MinusCircleOutlined />,
};

export function ChecksList({ checks }: { checks: Check[] }) {
  const t = useTexts();
  if (checks.length === 0) return <p className="muted">{t.packages.checksNone}</p>;
  return (
    <ul className="checks">
      {checks.map((check) => (
        <li key={check.name} className={check.state} data-check={check.name}>
          <span className="sign" aria-hidden>
            {SIGNS[check.state]}
          </span>
          <div>
            <strong>{t.checks.names[check.name]}</strong>
            <span className="muted"> · {t.checks.states[check.state]}</span>
            <div className="text" lang="en">
              {check.text}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
