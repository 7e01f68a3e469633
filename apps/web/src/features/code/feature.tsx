import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { CursorPlace } from './CursorPlace.tsx';
import { IndentMenu } from './IndentMenu.tsx';
import { LanguageButton } from './LanguageButton.tsx';
import { LANGUAGE, LanguageDialog } from './LanguageDialog.tsx';

function commands(desk: Desk): readonly Command[] {
  const file = desk.active();
  const active = file === null ? undefined : desk.view().room.files.get(file);
  return [
    {
      id: 'file.language',
      title:
        active?.blob !== null ? 'Change the language of a file…' : `Change the language of ${active.path}…`,
      section: 'Files',
      order: 37,
      enabled: desk.may('file.language') && active?.blob === null,
      run: () => desk.openDialog(LANGUAGE),
    },
  ];
}

/** Facts of the code that is seen. */
export const code: Feature = {
  status: [
    { place: 'start', order: 10, Content: LanguageButton },
    { place: 'start', order: 20, Content: CursorPlace },
    { place: 'start', order: 30, Content: IndentMenu },
  ],
  dialogs: [{ id: LANGUAGE, Content: LanguageDialog }],
  commands,
};
