// useSession.ts - who is signed in.
//
// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { must, Refusal } from "../../api/refusal.ts";
import { renewal } from "../../api/renewal.ts";

const KEY = ["session"];

/** data null: nobody is. */
export function useSession() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      try {
        return await must(api.GET("/api/v1/session"));
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) return null;
        throw error;
      }
    },
  });
  const signedIn = Boolean(query.data);
  useEffect(() => renewal.arm(signedIn), [signedIn]);
  return query;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (secret: string) =>
      must(api.POST("/api/v1/session", { body: { secret } })),
    onSuccess: (session) => {
      client.setQueryData(KEY, session);
      renewal.settle(true);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => must(api.DELETE("/api/v1/session")),
    onSettled: () => {
      renewal.arm(false);
      client.setQueryData(KEY, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
    },
  });
}

type Role = "viewer" | "operator" | "admin";
const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export function useMay(role: Role): boolean {
  const { data } = useSession();
  return data ? RANK[data.role] >= RANK[role] : false;
}
