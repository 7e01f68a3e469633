import clsx from 'clsx';
import { initials } from './initials.ts';

type AvatarProps = {
  name: string;
  hue: number;
  size?: 'xs' | 'sm' | 'md';
  /** Someone who is not in the room now is drawn hollow. */
  here?: boolean;
  className?: string;
};

const SIZES = {
  xs: 'size-4 text-[8px]',
  sm: 'size-6 text-[10px]',
  md: 'size-7 text-2xs',
} as const;

/**
 * Initials on a person's colour. Decorative: their name stands beside it or is in the label around it. The letters
 * are generated content, so that they are not read or selected as part of what they decorate.
 */
export function Avatar({ name, hue, size = 'sm', here = true, className }: AvatarProps) {
  const colour = `var(--person-${hue})`;
  return (
    <span
      aria-hidden="true"
      data-initials={initials(name)}
      style={here ? { background: colour } : { boxShadow: `inset 0 0 0 1.5px ${colour}` }}
      className={clsx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold leading-none tracking-tight',
        here ? 'text-on-person' : 'text-ink-2',
        SIZES[size],
        'before:content-[attr(data-initials)]',
        className,
      )}
    />
  );
}
