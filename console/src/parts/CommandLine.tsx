// CommandLine.tsx - what to type for what the page shows or does.
// Tests: test/console/pages.test.mjs runs each of them.
//
// SPDX-License-Identifier: MIT
import { Fragment } from "react";
import { useTexts } from "../i18n/language.ts";
import { CopyButton } from "./CopyButton.tsx";

interface CommandLineProps {
  commands: string[];
  label?: string;
}

/** A line may break between words, not behind the dashes of an option. */
function Words({ of }: { of: string }) {
  return of.split(" ").map((word, at) => (
    <Fragment key={at}>
      {at > 0 && " "}
      <span className="word">{word}</span>
    </Fragment>
  ));
}

export function CommandLine({ commands, label }: CommandLineProps) {
  const t = useTexts();
  return (
    <div className="command" role="group" aria-label={label ?? t.command.label}>
      <span className="muted">{label ?? t.command.label}</span>
      {commands.map((command) => (
        <div className="line" key={command}>
          <code>
            <Words of={command} />
          </code>
          <CopyButton text={command} label={t.command.copy} />
        </div>
      ))}
    </div>
  );
}
