import type { Feature } from '../../desk/feature.ts';
import { FormatOnSave } from './FormatOnSave.ts';
import { formatFile } from './format-file.ts';

/** Formatters for the files of the room. */
export const formatting: Feature = {
  commands: (desk) => {
    const active = desk.active();
    return [
      {
        id: 'file.format',
        title: 'Format file',
        section: 'Files',
        order: 50,
        keys: ['shift+alt+f'],
        enabled: desk.may('edit') && active !== null && desk.view().room.files.has(active),
        run: () => {
          if (active !== null) void formatFile(desk, active, false);
        },
      },
    ];
  },
  Background: FormatOnSave,
};
