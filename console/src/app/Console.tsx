// Console.tsx - what somebody sees who is signed in: Ant Design in our language
// and colours, the frame, the pages, and the question that comes when a session
// ends.
//
// SPDX-License-Identifier: MIT
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useMemo } from "react";
import { BrowserRouter } from "react-router-dom";
import { LiveProvider } from "../api/live.tsx";
import { SignInAgain } from "../features/session/SignInAgain.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Pages } from "./Pages.tsx";
import { useIsDark, usePreferences } from "./preferences.ts";
import { Shell } from "./Shell.tsx";
import { themeOf } from "./theme.ts";

export default function Console() {
  const { language } = usePreferences();
  const isDark = useIsDark();
  const theme = useMemo(() => themeOf(isDark), [isDark]);
  return (
    <ConfigProvider
      theme={theme}
      locale={language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
    >
      <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
        <LiveProvider>
          <Shell>
            <ErrorBoundary>
              <Pages />
            </ErrorBoundary>
          </Shell>
          <SignInAgain />
        </LiveProvider>
      </BrowserRouter>
    </ConfigProvider>
  );
}
