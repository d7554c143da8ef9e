// Choice.tsx - one of a few, side by side: radio buttons that look like a switch.
//
// SPDX-License-Identifier: MIT
import { useId, type ReactNode } from "react";

interface Option<T> {
  value: T;
  title: string;
  /** Instead of the title; the title is then for a pointer at rest. */
  icon?: ReactNode;
}

interface ChoiceProps<T> {
  label: string;
  value: T;
  options: Option<T>[];
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.icon ? option.title : undefined}>
          <input
            type="radio"
            className="hidden"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          <span className={option.icon ? "hidden" : undefined}>{option.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
