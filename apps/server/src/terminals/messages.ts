// What the server and the thread that keeps the screens say to each other.
import type { TerminalSize } from '@codesync/protocol';
import type { Snapshot } from './screen.ts';

/** `screen` names one, and is never used again. */
export type ToScreens =
  | { readonly kind: 'open'; readonly screen: number; readonly size: TerminalSize }
  | { readonly kind: 'write'; readonly screen: number; readonly bytes: Uint8Array }
  | { readonly kind: 'resize'; readonly screen: number; readonly size: TerminalSize }
  | { readonly kind: 'snapshot'; readonly screen: number; readonly lines: number; readonly asked: number }
  | { readonly kind: 'close'; readonly screen: number };

export type FromScreens =
  | { readonly kind: 'drawn'; readonly screen: number; readonly upTo: number }
  | { readonly kind: 'answer'; readonly screen: number; readonly text: string }
  | { readonly kind: 'snapshot'; readonly asked: number; readonly snapshot: Snapshot | null };
