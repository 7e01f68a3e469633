import { LANGUAGES, languageOf } from '@codesync/protocol';
import { useStore } from 'zustand';
import { type Indent, indentOf } from '../../editor/indent.ts';
import { connectionWords } from '../../features/connection/words.ts';
import { TAB_SIZES } from '../../features/settings/settings.ts';
import { wayWords } from '../../features/status/words.ts';
import type { RoomView } from '../../room-source/types.ts';
import { Menu, MenuChoice, MenuHeading, MenuLine } from '../../ui/Menu.tsx';
import type { PlaceStore } from './cursor-place.ts';

type StatusBarProps = {
  view: Pick<RoomView, 'connection'>;
  path: string | null;
  place: PlaceStore;
  indent: Indent;
  onIndent: (indent: Indent) => void;
  here: number;
  onStatus: () => void;
};

/** One quiet line of facts at the foot of the page. */
export function StatusBar({ view, path, place, indent, onIndent, here, onStatus }: StatusBarProps) {
  const language = path === null ? null : languageOf(path);
  const { connection } = view;
  const rtt = connection.kind === 'online' ? connection.rttMs : null;
  const polls = connection.kind === 'online' && connection.way === 'polling';
  const detour = polls ? `, over ${wayWords(connection)!.label}` : '';
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-line border-t bg-surface-1 px-3 text-2xs text-ink-2 tabular-nums">
      {path !== null && <span>{language === null ? 'Plain text' : LANGUAGES[language].label}</span>}
      {path !== null && <Place store={place} />}
      {path !== null && <IndentMenu path={path} indent={indent} onIndent={onIndent} />}
      <span className="flex-1" />
      <span>{here} here</span>
      <button
        type="button"
        title={`Time to the server and back${detour}. Press for the status.`}
        aria-label={rtt === null ? 'Status' : `Status: ${Math.round(rtt)} ms to the server and back${detour}`}
        data-way={connection.kind === 'online' ? connection.way : undefined}
        onClick={onStatus}
        className="-mx-1.5 h-5 min-w-13 rounded-sm px-1.5 text-right hover:bg-surface-2 hover:text-ink-1"
      >
        {rtt === null ? '–' : `${Math.round(rtt)} ms`}
        {polls && ' · HTTP'}
      </button>
      <span role="status" data-connection={connection.kind} className="min-w-[72px] text-right">
        {connectionWords(connection)}
      </span>
    </footer>
  );
}

function Place({ store }: { store: PlaceStore }) {
  const { place } = useStore(store);
  if (place === null) return null;
  return (
    <span>
      Ln {place.line}, Col {place.column}
      {place.selected > 0 && ` (${place.selected} selected)`}
    </span>
  );
}

type IndentMenuProps = Pick<StatusBarProps, 'indent' | 'onIndent'> & { path: string };

/** What a level of indentation is in this file, and the choice of another. */
function IndentMenu({ path, indent, onIndent }: IndentMenuProps) {
  const { size, tabs } = indentOf(path, indent);
  const label = `${tabs ? 'Tabs' : 'Spaces'} ${size}`;
  return (
    <Menu
      trigger={
        <button
          type="button"
          title="Indentation. Press to change it."
          aria-label={`Indentation: ${label}`}
          className="-mx-1.5 h-5 rounded-sm px-1.5 hover:bg-surface-2 hover:text-ink-1"
        >
          {label}
        </button>
      }
    >
      <MenuHeading>Indent with</MenuHeading>
      <MenuChoice
        value={indent.tabs ? 'tabs' : 'spaces'}
        onChange={(next) => onIndent({ ...indent, tabs: next === 'tabs' })}
        options={[
          { value: 'spaces', label: 'Spaces', hint: 'Go files and makefiles keep tabs' },
          { value: 'tabs', label: 'Tabs' },
        ]}
      />
      <MenuLine />
      <MenuHeading>Columns</MenuHeading>
      <MenuChoice
        value={String(indent.size)}
        onChange={(next) => onIndent({ ...indent, size: Number(next) })}
        options={TAB_SIZES.map((columns) => ({ value: String(columns), label: String(columns) }))}
      />
    </Menu>
  );
}
