// Timeline.tsx - what happened, newest first; grows while one looks at it.
//
// SPDX-License-Identifier: MIT
import { Skeleton } from "antd";
import type { EventFilter } from "../../api/eventCache.ts";
import { useTexts } from "../../i18n/language.ts";
import { MoreRows } from "../../parts/MoreRows.tsx";
import { Problem } from "../../parts/Problem.tsx";
import { EventRow } from "./EventRow.tsx";
import { foldEvents } from "./foldEvents.ts";
import { useEvents } from "./useEvents.ts";

interface TimelineProps {
  filter: EventFilter;
  /** Each row says which device it is about. */
  showDevice?: boolean;
}

export function Timeline({ filter, showDevice = false }: TimelineProps) {
  const t = useTexts();
  const { events, ...query } = useEvents(filter);
  if (query.isPending) return <Skeleton active title={false} />;
  if (query.error)
    return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  if (events.length === 0) return <p className="muted">{t.events.empty}</p>;
  const lines = foldEvents(events);
  return (
    <>
      <ol className="timeline">
        {lines.map((event) => (
          <EventRow key={event.id} event={event} showDevice={showDevice} />
        ))}
      </ol>
      <MoreRows
        shown={lines.length}
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
        label={t.events.older}
      />
    </>
  );
}
