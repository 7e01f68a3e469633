import { useActiveFile } from '../../desk/hooks.tsx';
import { TAB_SIZES, useSettings } from '../../desk/settings.ts';
import { indentOf } from '../../editor/indent.ts';
import { Menu, MenuChoice, MenuHeading, MenuLine } from '../../ui/Menu.tsx';

/** What a level of indentation is in the file that is seen, and the choice of another. */
export function IndentMenu() {
  const active = useActiveFile();
  const chosen = useSettings((settings) => settings.tabs);
  const columns = useSettings((settings) => settings.tabSize);
  const set = useSettings((settings) => settings.set);
  if (active === undefined || active.blob !== null) return null;
  const { size, tabs } = indentOf(active, { size: columns, tabs: chosen });
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
        value={chosen ? 'tabs' : 'spaces'}
        onChange={(next) => set({ tabs: next === 'tabs' })}
        options={[
          { value: 'spaces', label: 'Spaces', hint: 'Go files and makefiles keep tabs' },
          { value: 'tabs', label: 'Tabs' },
        ]}
      />
      <MenuLine />
      <MenuHeading>Columns</MenuHeading>
      <MenuChoice
        value={String(columns)}
        onChange={(next) => set({ tabSize: Number(next) })}
        options={TAB_SIZES.map((offered) => ({ value: String(offered), label: String(offered) }))}
      />
    </Menu>
  );
}
