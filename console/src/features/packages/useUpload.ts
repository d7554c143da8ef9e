// useUpload.ts - one upload: what is sent, how far it is, how it ends.
//
// SPDX-License-Identifier: MIT
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Package } from "../../api/client.ts";
import { upload } from "../../api/upload.ts";

export interface NewPackage {
  file: File;
  product_key: string;
  version: string;
  name?: string;
  sign_method: Package["sign_method"];
  needs_verification: boolean;
}

function urlOf(p: NewPackage): string {
  const query = new URLSearchParams({
    version: p.version,
    sign_method: p.sign_method,
    needs_verification: String(p.needs_verification),
  });
  if (p.name) query.set("name", p.name);
  return `/api/v1/products/${encodeURIComponent(p.product_key)}/packages?${query}`;
}

export function useUpload() {
  const client = useQueryClient();
  const cancel = useRef<() => void>(() => undefined);
  const [sent, setSent] = useState(0);
  const mutation = useMutation({
    mutationFn: (p: NewPackage) => {
      setSent(0);
      const started = upload<Package>(urlOf(p), p.file, setSent);
      cancel.current = started.cancel;
      return started.done;
    },
    onSuccess: (created) => {
      client.setQueryData(["package", created.id], created);
      return client.invalidateQueries({ queryKey: ["packages"] });
    },
  });
  useEffect(() => () => cancel.current(), []); // the page was left
  return { ...mutation, percent: Math.floor(sent * 100), cancel: () => cancel.current() };
}
