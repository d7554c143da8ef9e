// CommandLine.tsx - what to type for what the page shows or does.
// Tests: test/console/commands.test.mjs runs each of them.
//
// SPDX-License-Identifier: MIT
import { useTexts } from "../i18n/language.ts";
import { CopyButton } from "./CopyButton.tsx";

interface CommandLineProps {
  commands: string[];
  label?: string;
}

export function CommandLine({ commands, label }: CommandLineProps) {
  const t = useTexts();
  return (
    <div className="command" role="group" aria-label={label ?? t.command.label}>
      <span className="muted">{label ?? t.command.label}</span>
      {commands.map((command) => (
        <div className="line" key={command}>
          <code>{command}</code>
          <CopyButton text={command} label={t.command.copy} />
        </div>
      ))}
    </div>
  );
}
