// main.tsx - puts the console into the page.
//
// SPDX-License-Identifier: MIT
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { loadAhead } from "./app/routes.ts";
import { wasSignedIn } from "./features/session/wasSignedIn.ts";
import "./app/app.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
if (wasSignedIn()) loadAhead(window.location.pathname);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
