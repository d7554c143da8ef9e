// App.tsx - who is here? The sign-in page, or the console. Start here.
//
// What this file imports is what a browser loads before it shows anything, so
// Ant Design stands behind Console.tsx.
//
// SPDX-License-Identifier: MIT
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useLayoutEffect, type ReactNode } from "react";
import { queryClient } from "../api/queryClient.ts";
import { SignIn } from "../features/session/SignIn.tsx";
import { useSession } from "../features/session/useSession.ts";
import { LANGUAGES, LanguageContext, useTexts } from "../i18n/language.ts";
import { problemText } from "../parts/problemText.tsx";
import { Waiting } from "../parts/Waiting.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { useIsDark, usePreferences } from "./preferences.ts";
import { loadConsole } from "./routes.ts";

const Console = lazy(loadConsole);

function Look({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  const isDark = useIsDark();
  useLayoutEffect(() => {
    document.documentElement.lang = LANGUAGES[language].tag;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [language, isDark]);
  return (
    <LanguageContext.Provider value={language}>{children}</LanguageContext.Provider>
  );
}

function NoServer({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTexts();
  return (
    <main className="entry">
      <div className="card stack" role="alert">
        <h1>{t.common.failedToLoad}</h1>
        <p>{problemText(error, t)}</p>
        <button className="main-button" onClick={onRetry}>
          {t.common.tryAgain}
        </button>
      </div>
    </main>
  );
}

function Entry() {
  const session = useSession();
  if (session.isPending) return <Waiting />;
  if (session.error)
    return <NoServer error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data) return <SignIn />;
  return (
    <Suspense fallback={<Waiting />}>
      <Console />
    </Suspense>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Look>
        <ErrorBoundary>
          <Entry />
        </ErrorBoundary>
      </Look>
    </QueryClientProvider>
  );
}
