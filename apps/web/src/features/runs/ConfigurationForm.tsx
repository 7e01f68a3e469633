import {
  ConfigurationName,
  type FileId,
  LIMITS,
  REFUSALS,
  type Refusal,
  type RunConfiguration,
  setupProblem,
  wellFormed,
} from '@codesync/protocol';
import { type ReactNode, useState } from 'react';
import { useCommand, useFiles } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { lineOf, wordsOf } from './command-line.ts';
import { configurationProblem } from './configuration-words.ts';
import { EnvFields } from './EnvFields.tsx';
import { isRunnable } from './entry.ts';
import { useBlocked, useRunner } from './hooks.ts';

type ConfigurationFormProps = {
  configuration: RunConfiguration;
  /** The room does not have it yet. */
  fresh: boolean;
  pinned: boolean;
  onSaved: () => void;
  onDropped: () => void;
  /** Null when the room has as many as it may. */
  onDuplicate: ((of: RunConfiguration) => void) | null;
  onRun: () => void;
};

const TYPED = 'typed';

/** One run configuration: what it is, to be changed, duplicated, deleted, pinned and run. */
export function ConfigurationForm({
  configuration,
  fresh,
  pinned,
  onSaved,
  onDropped,
  onDuplicate,
  onRun,
}: ConfigurationFormProps) {
  const command = useCommand();
  const { run, pinConfiguration } = useRunner();
  const known = useRoom(({ room }) => room.files);
  const files = useFiles();
  const blocked = useBlocked();
  const mayEdit = useMay('configuration.change');
  const [draft, setDraft] = useState(configuration);
  /** What the draft was made of. */
  const [base, setBase] = useState(configuration);
  const [line, setLine] = useState(lineOf(configuration.args));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Pick<Refusal, 'message'> | null>(null);
  const words = wordsOf(line);
  const changed = fresh || draft !== base || line !== lineOf(base.args);
  const overtaken = !fresh && configuration !== base;
  const gone = configurationProblem(draft, known);
  if (overtaken && !changed) {
    setBase(configuration);
    setDraft(configuration);
    setLine(lineOf(configuration.args));
  }

  const change = (part: Partial<RunConfiguration>) => {
    setDraft({ ...draft, ...part });
    setRefused(null);
  };

  const give = async (body: Parameters<typeof command>[0], done: () => void) => {
    setBusy(true);
    const result = await command(body);
    setBusy(false);
    setRefused(result.ok ? null : result.error);
    if (result.ok) done();
  };

  const save = () => {
    if (!words.ok) return;
    const { id, ...whole } = wellFormed({ ...draft, args: words.words });
    const name = ConfigurationName.safeParse(whole.name);
    if (!name.success) {
      const message = `A configuration’s name has 1 to ${LIMITS.configurationNameUnits} characters. Change it, then save.`;
      return setRefused({ message });
    }
    const problem = setupProblem(whole);
    if (problem !== null) return setRefused({ message: REFUSALS[problem] });
    const kind = fresh ? 'configuration.create' : 'configuration.change';
    void give({ kind, configuration: id, ...whole, name: name.data }, () => {
      const saved = { id, ...whole, name: name.data };
      setBase(saved);
      setDraft(saved);
      setLine(lineOf(saved.args));
      onSaved();
    });
  };

  const runnable = files.filter(isRunnable);
  return (
    <form
      noValidate
      aria-label="Run configuration"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <fieldset disabled={!mayEdit} className="contents">
        <TextField
          label="Name"
          value={draft.name}
          onChange={({ target }) => change({ name: target.value })}
        />
        <div className="flex gap-3 phone:flex-col">
          <Labelled label="File to run">
            <Select
              label="File to run"
              value={draft.entry}
              onChange={(entry) => change({ entry })}
              options={optionsOf(runnable, draft.entry)}
              className="h-8 w-full"
            />
          </Labelled>
          <Labelled label="Starts in">
            <Select
              label="Starts in"
              value={draft.workFolder}
              onChange={(workFolder) => change({ workFolder })}
              options={[
                { value: 'room', label: 'The top folder' },
                { value: 'entry', label: 'The file’s own folder' },
              ]}
              className="h-8 w-full"
            />
          </Labelled>
        </div>
        <TextField
          label="Arguments"
          placeholder="--verbose 'two words'"
          value={line}
          error={words.ok ? null : words.problem}
          onChange={({ target }) => {
            setLine(target.value);
            setRefused(null);
          }}
        />
        <Labelled label="Input">
          <Select<string>
            label="Input"
            value={draft.stdin ?? TYPED}
            onChange={(stdin) => change({ stdin: stdin === TYPED ? null : (stdin as FileId) })}
            options={[
              { value: TYPED, label: 'What people type' },
              ...(draft.stdin === null ? optionsOf(files, null) : optionsOf(files, draft.stdin)),
            ]}
            className="h-8 w-full"
          />
        </Labelled>
        <EnvFields env={draft.env} onChange={(env) => change({ env })} />
      </fieldset>
      {gone !== null && <p className="text-warning text-xs">{gone}</p>}
      {overtaken && changed && (
        <p className="text-warning text-xs">Someone changed it meanwhile. Save replaces what they did.</p>
      )}
      {refused !== null && (
        <p role="alert" className="text-danger text-xs">
          {refused.message}
        </p>
      )}
      <div className="mt-1 flex flex-wrap justify-end gap-2">
        {!fresh && mayEdit && (
          <>
            <Button
              variant="ghost"
              disabled={busy}
              onClick={() => void give({ kind: 'configuration.delete', configuration: draft.id }, onDropped)}
              className="mr-auto"
            >
              Delete
            </Button>
            <Button
              variant="ghost"
              disabled={onDuplicate === null}
              onClick={() => onDuplicate?.(configuration)}
            >
              Duplicate
            </Button>
            <Button
              variant="ghost"
              title="For everyone here, whatever is open"
              onClick={() => pinConfiguration(pinned ? null : configuration.id)}
            >
              {pinned ? 'Unpin' : 'Always run it'}
            </Button>
          </>
        )}
        {fresh && (
          <Button variant="ghost" onClick={onDropped}>
            Cancel
          </Button>
        )}
        {mayEdit && (
          <Button
            type="submit"
            variant={changed ? 'primary' : 'secondary'}
            busy={busy}
            disabled={!changed || !words.ok}
          >
            Save
          </Button>
        )}
        {!fresh && mayEdit && (
          <Button
            variant={changed ? 'secondary' : 'primary'}
            disabled={changed || blocked !== null || gone !== null}
            title={blocked ?? undefined}
            onClick={() => {
              run({ configuration: configuration.id });
              onRun();
            }}
          >
            Run
          </Button>
        )}
      </div>
    </form>
  );
}

/** The files to choose from, and the chosen one where it is gone. */
function optionsOf(files: ReturnType<typeof useFiles>, chosen: FileId | null) {
  const texts = files.filter(({ blob }) => blob === null);
  const options = texts.map(({ id, path }) => ({ value: id, label: path }));
  const gone = chosen !== null && !files.some(({ id }) => id === chosen);
  return gone ? [{ value: chosen, label: 'A deleted file' }, ...options] : options;
}

/** The label that is seen; what it names has its own for those who do not see it. */
function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 flex-1">
      <div aria-hidden="true" className="mb-1 text-ink-2 text-xs">
        {label}
      </div>
      {children}
    </div>
  );
}
