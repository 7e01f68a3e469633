// How a run's state is coloured.
import type { RunTone } from './words.ts';

export const TONES: Readonly<Record<RunTone, string>> = {
  success: 'text-success',
  danger: 'text-danger',
  warning: 'text-warning',
  neutral: 'text-ink-2',
  active: 'text-accent',
};
