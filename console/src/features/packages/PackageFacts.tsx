// PackageFacts.tsx - what a package is.
//
// SPDX-License-Identifier: MIT
import type { Package } from "../../api/client.ts";
import { LANGUAGES, useLanguage, useTexts } from "../../i18n/language.ts";
import { Card } from "../../parts/Card.tsx";
import { CopyButton } from "../../parts/CopyButton.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { formatBytes } from "../../parts/format.ts";
import { TimeText } from "../../parts/TimeText.tsx";

export function PackageFacts({ of }: { of: Package }) {
  const t = useTexts();
  const { tag } = LANGUAGES[useLanguage()];
  return (
    <Card title={t.packages.facts}>
      <Facts
        rows={[
          [t.packages.version, of.version],
          [t.upload.name, of.name],
          [t.devices.product, <code>{of.product_key}</code>],
          [t.packages.module, <code>{of.module}</code>],
          [t.packages.size, formatBytes(of.size_bytes, tag)],
          [t.packages.image, <span lang="en">{of.image}</span>],
          [t.packages.signMethod, of.sign_method],
          [
            "SHA-256",
            <span>
              <code>{of.sha256}</code>{" "}
              <CopyButton text={of.sha256} label={t.common.copyValue("SHA-256")} />
            </span>,
          ],
          [t.packages.created, <TimeText ms={of.created_ms} as="clock" />],
        ]}
      />
    </Card>
  );
}
