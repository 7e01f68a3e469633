import { HUES } from '@codesync/protocol';
import { useId } from 'react';

const NAMES = [
  'Red',
  'Orange',
  'Amber',
  'Olive',
  'Green',
  'Teal',
  'Cyan',
  'Sky',
  'Blue',
  'Violet',
  'Magenta',
  'Rose',
] as const;

/** The twelve colours for people, as radio buttons that look like what they choose. */
export function HuePicker({ value, onChange }: { value: number; onChange: (hue: number) => void }) {
  const group = useId();
  return (
    <fieldset className="-ml-1.5 flex flex-wrap">
      <legend className="mb-1 ml-1.5 text-ink-2 text-xs">Your colour</legend>
      {Array.from({ length: HUES }, (_, hue) => (
        <label
          key={NAMES[hue]}
          title={NAMES[hue]}
          className="relative inline-flex size-[27px] items-center justify-center rounded-full phone:size-11"
        >
          <input
            type="radio"
            name={group}
            aria-label={NAMES[hue]}
            checked={hue === value}
            onChange={() => onChange(hue)}
            className="peer absolute inset-0 m-0 size-full cursor-default appearance-none rounded-full"
          />
          <span
            style={{ background: `var(--person-${hue})` }}
            className="pointer-events-none size-4 rounded-full ring-offset-2 ring-offset-surface-0 transition-shadow duration-120 peer-checked:ring-2 peer-checked:ring-ink-1 peer-hover:ring-2 peer-hover:ring-line-strong peer-checked:peer-hover:ring-ink-1"
          />
        </label>
      ))}
    </fieldset>
  );
}
