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
import { useLanguage, useTexts } from "../../i18n/language.ts";
import { sentenceIn } from "../../i18n/sentences.ts";

const SIGNS: Record<Check["state"], JSX.Element> = {
  ok: <CheckCircleFilled />,
  warning: <ExclamationCircleFilled />,
  failed: <CloseCircleFilled />,
  skipped: <MinusCircleOutlined />,
};

export function ChecksList({ checks }: { checks: Check[] }) {
  const t = useTexts();
  const language = useLanguage();
  if (checks.length === 0) return <p className="muted">{t.packages.checksNone}</p>;
  return (
    <ul className="checks">
      {checks.map((check) => {
        const said = sentenceIn(language, check);
        return (
          <li key={check.name} className={check.state} data-check={check.name}>
            <span className="sign" aria-hidden>
              {SIGNS[check.state]}
            </span>
            <div>
              <strong>{t.checks.names[check.name]}</strong>
              <span className="muted"> · {t.checks.states[check.state]}</span>
              <div className="text" lang={said ? undefined : "en"}>
                {said ?? check.text}
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
