// CopyButton.tsx - puts a text on the clipboard and says that it did.
//
// SPDX-License-Identifier: MIT
import { useEffect, useState } from "react";
import { useTexts } from "../i18n/language.ts";
import { Icon } from "./Icon.tsx";

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
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        onClick={() => void copy(text).then(setCopied)}
      >
        <Icon name={copied ? "check" : "copy"} />
      </button>
      <span className="hidden" role="status">
        {copied ? t.command.copied : ""}
      </span>
    </>
  );
}
