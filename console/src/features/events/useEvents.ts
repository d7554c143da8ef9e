// useEvents.ts - a timeline, newest first, in pages. The stream adds what
// happens later (api/eventCache.ts).
//
// SPDX-License-Identifier: MIT
import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import type { EventFilter, EventPage } from "../../api/eventCache.ts";
import { must } from "../../api/refusal.ts";

export function useEvents(filter: EventFilter, limit = 50) {
  const query = useInfiniteQuery({
    queryKey: ["events", filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }): Promise<EventPage> =>
      must(
        api.GET("/api/v1/events", {
          params: { query: { ...filter, order: "newest", before, limit } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return { ...query, events: query.data?.pages.flatMap((page) => page.items) ?? [] };
}
