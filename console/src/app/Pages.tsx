// Pages.tsx - the page that stands at the address.
//
// SPDX-License-Identifier: MIT
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router-dom";
import { Waiting } from "../parts/Waiting.tsx";
import { NotFound } from "./NotFound.tsx";
import { ROUTES } from "./routes.ts";

const PAGES = ROUTES.map(({ path, load }) => ({ path, Content: lazy(load) }));

export function Pages() {
  return (
    <Suspense fallback={<Waiting />}>
      <Routes>
        <Route path="/" element={<Navigate to="/devices" replace />} />
        {PAGES.map(({ path, Content }) => (
          <Route key={path} path={path} element={<Content />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
