import type { Feature } from '../../desk/feature.ts';
import { CursorPlace } from './CursorPlace.tsx';
import { IndentMenu } from './IndentMenu.tsx';
import { LanguageName } from './LanguageName.tsx';

/** Facts of the code that is seen. */
export const code: Feature = {
  status: [
    { place: 'start', order: 10, Content: LanguageName },
    { place: 'start', order: 20, Content: CursorPlace },
    { place: 'start', order: 30, Content: IndentMenu },
  ],
};
