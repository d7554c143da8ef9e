// eventCache.ts - timelines in the cache: newest first, each event once.
//
// SPDX-License-Identifier: MIT
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { TernEvent } from "./client.ts";

export interface EventFilter {
  product_key?: string;
  device_name?: string;
  package_id?: number;
  task_id?: number;
}

export interface EventPage {
  items: TernEvent[];
  next: number | null;
}

function fits(event: TernEvent, filter: EventFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || event[name as keyof TernEvent] === value,
  );
}

function withEvent(
  data: InfiniteData<EventPage> | undefined,
  event: TernEvent,
): InfiniteData<EventPage> | undefined {
  const [first, ...others] = data?.pages ?? [];
  if (!data || !first) return data;
  const newest = first.items[0]?.id ?? 0;
  if (event.id <= newest) return data; // it came with the page already
  const page = { ...first, items: [event, ...first.items] };
  return { ...data, pages: [page, ...others] };
}

export function addEvent(client: QueryClient, event: TernEvent): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ["events"] })) {
    const filter = query.queryKey[1] as EventFilter;
    if (!fits(event, filter)) continue;
    client.setQueryData<InfiniteData<EventPage>>(query.queryKey, (data) =>
      withEvent(data, event),
    );
  }
}
