// Page.tsx - the shape of each page: title, actions, content, command.
//
// SPDX-License-Identifier: MIT
import { useEffect, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { useTexts } from "../i18n/language.ts";
import { CommandLine } from "./CommandLine.tsx";

interface PageProps {
  title: string;
  hint?: string;
  beside?: ReactNode;
  actions?: ReactNode;
  parent?: { to: string; text: string };
  commands?: string[];
  children: ReactNode;
}

export function Page(props: PageProps) {
  const t = useTexts();
  useEffect(() => {
    document.title = t.titleOf(props.title);
  }, [t, props.title]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          {props.parent && (
            <Link className="crumb" to={props.parent.to}>
              ← {props.parent.text}
            </Link>
          )}
          <div className="title">
            <h1>{props.title}</h1>
            {props.beside}
          </div>
          {props.hint && <p className="muted">{props.hint}</p>}
        </div>
        {props.actions && <div>{props.actions}</div>}
      </header>
      {props.children}
      {props.commands && <CommandLine commands={props.commands} />}
    </div>
  );
}
