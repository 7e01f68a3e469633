import type { Language } from './languages.ts';

/**
 * What the page says about running code. `off`: runs are not possible, and `mend` says what would make them
 * possible. `preparing`: the image is being made, `percent` 0 to 100.
 */
export type SandboxStatus =
  | { readonly state: 'starting' }
  | { readonly state: 'preparing'; readonly step: string; readonly percent: number }
  | {
      readonly state: 'ready';
      readonly warm: Readonly<Partial<Record<Language, number>>>;
      readonly busy: number;
    }
  | { readonly state: 'off'; readonly reason: string; readonly mend: string };
