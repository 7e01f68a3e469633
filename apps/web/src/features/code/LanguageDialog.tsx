import type { Named } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { Check } from 'lucide-react';
import type { DialogProps } from '../../desk/feature.ts';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { FILE_LANGUAGES, fileLanguageOf, labelOf } from '../../editor/languages.ts';
import { type Choose, PickerDialog, PickerGroup, PickerRow } from '../../ui/PickerDialog.tsx';

/** The id of the dialog. */
export const LANGUAGE = 'language';

const BY_NAME = 'By its name';

const nameOf = (language: Named['language']) => (language === null ? BY_NAME : labelOf(language));

/** The language of the file that is seen, to be chosen for everyone. */
export function LanguageDialog(props: DialogProps) {
  const active = useActiveFile();
  if (active === undefined || active.blob !== null) return null;
  return (
    <PickerDialog
      {...props}
      title={`Language of ${active.path}`}
      label="Languages"
      hint="Type the name of a language"
      start={nameOf(active.language)}
    >
      {(choose) => <Languages file={active} choose={choose} />}
    </PickerDialog>
  );
}

function Languages({ file, choose }: { file: FileEntry; choose: Choose }) {
  const desk = useDesk();
  const row = (language: Named['language']) => (
    <PickerRow
      key={language}
      value={nameOf(language)}
      onSelect={() =>
        choose(() => {
          if (language !== file.language) void desk.send({ kind: 'file.language', file: file.id, language });
        })
      }
    >
      <span className="min-w-0 flex-1 truncate">
        {nameOf(language)}
        {language === null && (
          <span className="text-ink-3">
            {' '}
            · {labelOf(fileLanguageOf({ path: file.path, language: null }))}
          </span>
        )}
      </span>
      {language === file.language && (
        <>
          <span className="sr-only">chosen</span>
          <Check size={14} strokeWidth={2} aria-hidden="true" />
        </>
      )}
    </PickerRow>
  );
  return (
    <PickerGroup heading={`Language of ${file.path}, for everyone here`}>
      {[null, ...FILE_LANGUAGES].map(row)}
    </PickerGroup>
  );
}
