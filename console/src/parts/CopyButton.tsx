// CopyButton.tsx - puts a text on the clipboard and says that it did.
//
// SPDX-License-Identifier: MIT
import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTexts } from "../i18n/language.ts";

/** Without HTTPS a browser has no clipboard for pages; selecting a text field
 * and the old command still work. */
function copyByHand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(text: string): Promise<boolean> {
  if (!navigator.clipboard) return copyByHand(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        type="text"
        size="small"
        aria-label={label}
        title={label}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={() => void copy(text).then(setCopied)}
      />
      <span className="hidden" role="status">
        {copied ? t.command.copied : ""}
      </span>
    </>
  );
}
