// FileDrop.tsx - a place to drop one file; for the keyboard, an ordinary file
// field.
//
// SPDX-License-Identifier: MIT
import { CloudUploadOutlined } from "@ant-design/icons";
import { useState, type DragEvent } from "react";
import { LANGUAGES, useLanguage, useTexts } from "../../i18n/language.ts";
import { formatBytes } from "../../parts/format.ts";

interface FileDropProps {
  /** The three are given by Form.Item. */
  id?: string;
  value?: File;
  onChange?: (file: File) => void;
  disabled: boolean;
}

export function FileDrop({ id, value, onChange, disabled }: FileDropProps) {
  const t = useTexts();
  const { tag } = LANGUAGES[useLanguage()];
  const [isOver, setIsOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !disabled) onChange?.(file);
  };
  const onDrop = (e: DragEvent) => {
    e.preventDefault();
    setIsOver(false);
    take(e.dataTransfer.files);
  };
  return (
    <label
      className={isOver ? "drop over" : "drop"}
      onDragOver={(e) => {
        e.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <CloudUploadOutlined className="icon" aria-hidden />
      <span className="name">{value ? value.name : t.upload.drop}</span>
      <span className="muted">
        {value
          ? `${formatBytes(value.size, tag)} · ${t.upload.replace}`
          : t.upload.dropHint}
      </span>
      <input
        id={id}
        type="file"
        className="hidden"
        aria-label={t.upload.file}
        disabled={disabled}
        onChange={(e) => take(e.target.files)}
      />
    </label>
  );
}
