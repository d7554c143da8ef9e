// queryClient.ts - the cache of what the server said. The event stream keeps it
// fresh (live.tsx), so nothing is fetched again only because time has passed.
//
// SPDX-License-Identifier: MIT
import { QueryClient } from "@tanstack/react-query";
import { Refusal } from "./refusal.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      // A refusal stays one; a server that is starting again comes back.
      retry: (failures, error) => !(error instanceof Refusal) && failures < 3,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 4000),
    },
    mutations: { retry: false },
  },
});
