// useProducts.ts - products from the server, and changes to them.
//
// SPDX-License-Identifier: MIT
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Product } from "../../api/client.ts";
import { must } from "../../api/refusal.ts";

/** All of them: a person has kinds of devices by the dozen, not the thousand. */
export function useProducts() {
  return useQuery({
    queryKey: ["products"],
    queryFn: () =>
      must(api.GET("/api/v1/products", { params: { query: { limit: 500 } } })),
    select: (page) => page.items,
  });
}

export interface NewProduct {
  name: string;
  product_key?: string;
}

export function useCreateProduct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewProduct) => must(api.POST("/api/v1/products", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["products"] }),
  });
}

export interface ProductChange {
  keys: string[];
  slot_bytes: number;
}

/** Asks only for what differs: each change is a line in the audit log. */
export function useSaveProduct(product: Product) {
  const client = useQueryClient();
  const path = { product_key: product.product_key };
  const before = product.keys.map((key) => key.public).join();
  return useMutation({
    mutationFn: async ({ keys, slot_bytes }: ProductChange) => {
      if (keys.join() !== before)
        await must(
          api.PUT("/api/v1/products/{product_key}/keys", {
            params: { path },
            body: { keys },
          }),
        );
      if (slot_bytes !== product.slot_bytes)
        await must(
          api.PATCH("/api/v1/products/{product_key}", {
            params: { path },
            body: { slot_bytes },
          }),
        );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["products"] }),
  });
}
