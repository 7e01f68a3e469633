import { useEffect } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useSettings } from '../../desk/settings.ts';
import { formatFile } from './format-file.ts';

/** Formats the file that is seen when this person saves, if they have set that. */
export function FormatOnSave() {
  const desk = useDesk();
  useEffect(
    () =>
      desk.onSave(() => {
        const file = desk.active();
        if (useSettings.getState().formatOnSave && file !== null && desk.may('edit'))
          void formatFile(desk, file, true);
      }),
    [desk],
  );
  return null;
}
