// useDevices.ts - devices from the server, and changes to them.
//
// SPDX-License-Identifier: MIT
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { must } from "../../api/refusal.ts";

export interface DeviceFilter {
  product_key?: string;
  q?: string;
  online?: "true" | "false";
}

export function useDevices(filter: DeviceFilter, limit = 50) {
  const query = useInfiniteQuery({
    queryKey: ["devices", filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: after }) =>
      must(
        api.GET("/api/v1/devices", {
          params: { query: { ...filter, after, limit } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (previous) => previous, // no flicker while one types
  });
  return { ...query, devices: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

export function useDevice(productKey: string, deviceName: string) {
  return useQuery({
    queryKey: ["device", productKey, deviceName],
    queryFn: () =>
      must(
        api.GET("/api/v1/products/{product_key}/devices/{device_name}", {
          params: { path: { product_key: productKey, device_name: deviceName } },
        }),
      ),
  });
}

export interface NewDevice {
  product_key: string;
  device_name: string;
  device_secret?: string;
}

export function useCreateDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ product_key, ...body }: NewDevice) =>
      must(
        api.POST("/api/v1/products/{product_key}/devices", {
          params: { path: { product_key } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["devices"] }),
  });
}
