import clsx from 'clsx';
import { WifiOff } from 'lucide-react';
import { initials } from './initials.ts';

type AvatarProps = {
  name: string;
  /** What stands for the name, where its initials are not theirs alone. */
  letters?: string | undefined;
  hue: number;
  size?: 'xs' | 'sm' | 'md';
  /** Someone who is not in the room now is drawn hollow. */
  here?: boolean;
  /** Someone who is not at the page just now is paler. */
  quiet?: boolean;
  /** Someone whose connection is lost is faded, with a mark. */
  lost?: boolean;
  className?: string;
};

const SIZES = {
  xs: { box: 'size-4', text: 'text-[8px]', long: 'text-[6.5px]' },
  sm: { box: 'size-6', text: 'text-[10px]', long: 'text-[9px]' },
  md: { box: 'size-7', text: 'text-2xs', long: 'text-[9.5px]' },
} as const;

/**
 * Initials on a person's colour. Decorative: their name stands beside it or is in the label around it. The letters
 * are generated content, so that they are not read or selected as part of what they decorate.
 */
export function Avatar({
  name,
  letters = initials(name),
  hue,
  size = 'sm',
  here = true,
  quiet = false,
  lost = false,
  className,
}: AvatarProps) {
  const colour = `var(--person-${hue})`;
  const { box, text, long } = SIZES[size];
  const circle = (
    <span
      aria-hidden="true"
      data-initials={letters}
      style={here ? { background: colour } : { boxShadow: `inset 0 0 0 1.5px ${colour}` }}
      className={clsx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold leading-none tracking-tight',
        here ? 'text-on-person' : 'text-ink-2',
        box,
        letters.length > 2 ? long : text,
        lost ? 'opacity-45' : quiet && 'opacity-60',
        'before:content-[attr(data-initials)]',
        !lost && className,
      )}
    />
  );
  if (!lost) return circle;
  return (
    <span aria-hidden="true" className={clsx('relative inline-flex shrink-0', className)}>
      {circle}
      <span className="absolute -right-1 -bottom-1 inline-flex rounded-full bg-surface-1 p-px text-danger">
        <WifiOff size={10} strokeWidth={2.5} />
      </span>
    </span>
  );
}
