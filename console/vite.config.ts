// vite.config.ts - how the console is built: hashed files for long caching, each
// with its .gz beside it, because ternd sends files and compresses nothing.
//
// SPDX-License-Identifier: MIT
import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const TEXT = /\.(js|css|html|svg)$/;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const path of files(folder).filter((name) => TEXT.test(name)))
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: "../build/console",
    emptyOutDir: true,
    target: "es2021",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the CSP allows no data: but for pictures
    chunkSizeWarningLimit: 1200, // what counts is the total after gzip
    rollupOptions: {
      output: {
        // The library changes once a year, our code every day: apart, so that
        // a browser keeps the first.
        manualChunks: (id) =>
          /node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run|@tanstack|openapi-fetch)\//.test(
            id,
          )
            ? "base"
            : undefined,
      },
    },
  },
});
