// App.tsx - language and theme around everything, then the sign-in page or the
// console. Start here.
//
// SPDX-License-Identifier: MIT
import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider, Spin } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useEffect, useMemo, type ReactNode } from "react";
import { BrowserRouter } from "react-router-dom";
import { LiveProvider } from "../api/live.tsx";
import { queryClient } from "../api/queryClient.ts";
import { SignIn } from "../features/session/SignIn.tsx";
import { SignInAgain } from "../features/session/SignInAgain.tsx";
import { useSession } from "../features/session/useSession.ts";
import { LANGUAGES, LanguageContext } from "../i18n/language.ts";
import { Problem } from "../parts/Problem.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Pages } from "./Pages.tsx";
import { useIsDark, usePreferences } from "./preferences.ts";
import { Shell } from "./Shell.tsx";
import { themeOf } from "./theme.ts";

function Look({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  const isDark = useIsDark();
  const theme = useMemo(() => themeOf(isDark), [isDark]);
  useEffect(() => {
    document.documentElement.lang = LANGUAGES[language].tag;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [language, isDark]);
  return (
    <LanguageContext.Provider value={language}>
      <ConfigProvider
        theme={theme}
        locale={language === "zh" ? zhCN : enUS}
        button={{ autoInsertSpace: false }}
      >
        <AntApp>{children}</AntApp>
      </ConfigProvider>
    </LanguageContext.Provider>
  );
}

function Console() {
  const session = useSession();
  if (session.isPending) return <Spin fullscreen delay={300} />;
  if (session.error)
    return (
      <main className="entry">
        <Problem error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  if (!session.data) return <SignIn />;
  return (
    <LiveProvider>
      <Shell>
        <ErrorBoundary>
          <Pages />
        </ErrorBoundary>
      </Shell>
      <SignInAgain />
    </LiveProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Look>
        <BrowserRouter
          future={{ v7_startTransition: true, v7_relativeSplatPath: true }}
        >
          <Console />
        </BrowserRouter>
      </Look>
    </QueryClientProvider>
  );
}
