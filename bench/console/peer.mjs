// peer.mjs - what the console is compared with: a page of Ant Design as its
// beginner's guide has it, a form with one field and a table with one row, in
// one file, minified and compressed as ours. Start at buildPeer().
//
// SPDX-License-Identifier: MIT
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { requireConsole, ROOT } from "../../test/console/load.mjs";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>peer</title>
<script type="module" src="/assets/peer.js"></script></head><body><div id="root"></div></body></html>`;

const SOURCE = `
  import { createElement as h } from "react";
  import { createRoot } from "react-dom/client";
  import { Button, Card, Form, Input, Table } from "antd";
  const columns = ["Name", "Version", "State"].map((title) => ({ title, dataIndex: title }));
  const rows = [{ key: 1, Name: "dev-01", Version: "1.3.0", State: "Online" }];
  createRoot(document.getElementById("root")).render(
    h(Card, { title: "Peer" },
      h(Form, { layout: "vertical" },
        h(Form.Item, { name: "secret", label: "Secret" }, h(Input.Password)),
        h(Button, { type: "primary", htmlType: "submit" }, "Sign in")),
      h(Table, { columns, dataSource: rows })));
`;

/** Into a folder that ternd serves as its console. */
export async function buildPeer(folder) {
  const { build } = createRequire(requireConsole.resolve("vite"))("esbuild");
  const write = (name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  };
  mkdirSync(join(folder, "assets"), { recursive: true });
  await build({
    stdin: { contents: SOURCE, resolveDir: join(ROOT, "console") },
    outfile: join(folder, "assets/peer.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2021",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  write("assets/peer.js", readFileSync(join(folder, "assets/peer.js")));
  write("index.html", PAGE);
}
