// usePackages.ts - packages from the server, and what is done with them.
//
// SPDX-License-Identifier: MIT
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, type Package } from "../../api/client.ts";
import { must } from "../../api/refusal.ts";

export interface PackageFilter {
  product_key?: string;
  state?: Package["state"];
}

export function usePackages(filter: PackageFilter, limit = 50) {
  const query = useInfiniteQuery({
    queryKey: ["packages", filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) =>
      must(
        api.GET("/api/v1/packages", {
          params: { query: { ...filter, before, limit } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (previous) => previous,
  });
  return { ...query, packages: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

export function usePackage(id: number) {
  return useQuery({
    queryKey: ["package", id],
    queryFn: () =>
      must(api.GET("/api/v1/packages/{id}", { params: { path: { id } } })),
  });
}

export interface NewVerification {
  device_names: string[];
  source_versions?: string[];
  timeout_minutes?: number;
}

export function useVerify(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewVerification) =>
      must(
        api.POST("/api/v1/packages/{id}/verify", { params: { path: { id } }, body }),
      ),
    onSuccess: () =>
      Promise.all(
        ["package", "packages", "tasks", "devices"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
