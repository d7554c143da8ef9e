// MoreRows.tsx - the end of a list that comes in pages.
//
// SPDX-License-Identifier: MIT
import { Button } from "antd";
import { useTexts } from "../i18n/language.ts";

interface MoreRowsProps {
  shown: number;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
  label?: string;
}

export function MoreRows({ shown, hasMore, loading, onMore, label }: MoreRowsProps) {
  const t = useTexts();
  if (!hasMore) return null;
  return (
    <div className="more">
      <span className="muted">{t.common.shownOf(shown)}</span>
      <Button onClick={onMore} loading={loading}>
        {label ?? t.common.loadMore}
      </Button>
    </div>
  );
}
