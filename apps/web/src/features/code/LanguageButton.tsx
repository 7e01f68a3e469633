import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { useMay } from '../../desk/room.tsx';
import { fileLanguageOf, labelOf } from '../../editor/languages.ts';
import { LANGUAGE } from './LanguageDialog.tsx';

/** The language of the file that is seen; opens the choice of another for whoever may choose. */
export function LanguageButton() {
  const { openDialog } = useDesk();
  const mayChoose = useMay('file.language');
  const active = useActiveFile();
  if (active === undefined || active.blob !== null) return null;
  const label = labelOf(fileLanguageOf(active));
  if (!mayChoose) return <span>{label}</span>;
  return (
    <button
      type="button"
      title={`${active.language === null ? 'Language, by the file’s name' : 'Language, chosen for everyone here'}. Press to change it.`}
      aria-label={`Language: ${label}`}
      aria-haspopup="dialog"
      onClick={() => openDialog(LANGUAGE)}
      className="-mx-1.5 h-5 rounded-sm px-1.5 hover:bg-surface-2 hover:text-ink-1"
    >
      {label}
    </button>
  );
}
