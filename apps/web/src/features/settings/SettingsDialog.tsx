import type { ReactNode } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { FONT_SIZES, TAB_SIZES, type ThemeChoice, useSettings } from '../../desk/settings.ts';
import { onMac, shown } from '../../desk/shortcuts.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';

function Row({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 border-line border-t py-3 first:border-t-0">
      <div className="min-w-0 flex-1">
        <div>{title}</div>
        <div className="text-ink-3 text-xs">{hint}</div>
      </div>
      {children}
    </div>
  );
}

type SwitchProps = {
  title: string;
  hint: string;
  name:
    | 'wordWrap'
    | 'wrapOutput'
    | 'minimap'
    | 'ligatures'
    | 'formatOnSave'
    | 'chatSound'
    | 'sayComings'
    | 'sayNearEdits';
};

function Switch({ title, hint, name }: SwitchProps) {
  const { [name]: on, set } = useSettings();
  return (
    <Row title={title} hint={hint}>
      <Select
        label={title}
        value={on ? 'on' : 'off'}
        onChange={(next) => set({ [name]: next === 'on' })}
        options={[
          { value: 'on', label: 'On' },
          { value: 'off', label: 'Off' },
        ]}
        className="w-28"
      />
    </Row>
  );
}

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function SettingsDialog({ open, onOpenChange }: DialogProps) {
  const { theme, fontSize, tabSize, tabs, sayMessages, set } = useSettings();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Settings"
      description="For this browser only. They take effect at once."
      width="sm"
    >
      <Row title="Theme" hint="System follows your device">
        <Select
          label="Theme"
          value={theme}
          onChange={(next) => set({ theme: next })}
          options={THEMES}
          className="w-28"
        />
      </Row>
      <Row title="Font size" hint="Code and output">
        <Select
          label="Font size"
          value={String(fontSize)}
          onChange={(next) => set({ fontSize: Number(next) })}
          options={FONT_SIZES.map((size) => ({ value: String(size), label: `${size} px` }))}
          className="w-28"
        />
      </Row>
      <Row title="Tab size" hint="Columns that one tab takes">
        <Select
          label="Tab size"
          value={String(tabSize)}
          onChange={(next) => set({ tabSize: Number(next) })}
          options={TAB_SIZES.map((size) => ({ value: String(size), label: `${size} columns` }))}
          className="w-28"
        />
      </Row>
      <Row title="Indent with" hint="Go files and makefiles keep tabs">
        <Select
          label="Indent with"
          value={tabs ? 'tabs' : 'spaces'}
          onChange={(next) => set({ tabs: next === 'tabs' })}
          options={[
            { value: 'spaces', label: 'Spaces' },
            { value: 'tabs', label: 'Tabs' },
          ]}
          className="w-28"
        />
      </Row>
      <Switch title="Wrap code" hint="Break long lines at the editor’s edge" name="wordWrap" />
      <Switch title="Wrap output" hint="Break long lines at the panel’s edge" name="wrapOutput" />
      <Switch title="Minimap" hint="The whole file in small, beside the code" name="minimap" />
      <Switch
        title="Format on save"
        hint={`${shown('mod+s', onMac())} also formats the file you see`}
        name="formatOnSave"
      />
      <Switch title="Sound of the chat" hint="For messages that you do not see come" name="chatSound" />
      <Switch title="Ligatures" hint="Draw marks such as != as one sign" name="ligatures" />
      <h3 className="border-line border-t pt-3 font-medium">What screen readers say</h3>
      <Switch title="People who come and go" hint="“Bea joined.”" name="sayComings" />
      <Switch title="Edits near the cursor" hint="“Bea edits line 12, 2 below yours.”" name="sayNearEdits" />
      <Row title="Messages" hint="What others say in the chat">
        <Select
          label="Messages"
          value={sayMessages}
          onChange={(next) => set({ sayMessages: next })}
          options={[
            { value: 'all', label: 'All' },
            { value: 'named', label: 'To me' },
            { value: 'none', label: 'None' },
          ]}
          className="w-28"
        />
      </Row>
    </Dialog>
  );
}
