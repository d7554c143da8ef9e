// Shell.tsx - the frame of each page: where one is, whether it is live, who one
// is. A new noun gets a row in NAV and one in routes.tsx.
//
// SPDX-License-Identifier: MIT
import { AppstoreOutlined, HddOutlined, InboxOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router-dom";
import { useTexts } from "../i18n/language.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { LiveBadge } from "./LiveBadge.tsx";

const NAV = [
  { to: "/devices", text: "devices", icon: <HddOutlined aria-hidden /> },
  { to: "/packages", text: "packages", icon: <InboxOutlined aria-hidden /> },
  { to: "/products", text: "products", icon: <AppstoreOutlined aria-hidden /> },
] as const;

export function Shell({ children }: { children: ReactNode }) {
  const t = useTexts();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t.nav.skip}
      </a>
      <header className="side">
        <Link className="brand" to="/devices">
          <img src="/tern.svg" alt="" />
          {t.product}
        </Link>
        <nav className="nav" aria-label={t.nav.main}>
          <ul>
            {NAV.map(({ to, text, icon }) => (
              <li key={to}>
                <NavLink to={to}>
                  {icon}
                  {t.nav[text]}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="tools">
          <LiveBadge />
          <AccountMenu />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
