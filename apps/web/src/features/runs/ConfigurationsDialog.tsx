import { ConfigurationId, type FileId, LIMITS, type RunConfiguration } from '@codesync/protocol';
import clsx from 'clsx';
import { Pin, Plus } from 'lucide-react';
import { nanoid } from 'nanoid';
import { useEffect, useEffectEvent, useState } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { useFiles } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ConfigurationForm } from './ConfigurationForm.tsx';
import { configurationProblem, freeName } from './configuration-words.ts';
import { isRunnable } from './entry.ts';
import { useEntry } from './hooks.ts';

/** The room's run configurations: a list of them, and the one that is chosen in it. */
export function ConfigurationsDialog({ open, onOpenChange }: DialogProps) {
  const all = useRoom(({ room }) => room.configurations);
  const pinned = useRoom(({ room }) => room.pinnedConfiguration);
  const files = useRoom(({ room }) => room.files);
  const sorted = useFiles();
  const entry = useEntry();
  const mayEdit = useMay('configuration.change');
  const [chosen, setChosen] = useState<ConfigurationId | null>(null);
  /** One that the room does not have yet. */
  const [fresh, setFresh] = useState<RunConfiguration | null>(null);
  const list = [...all.values()];
  const shown = fresh ?? (chosen === null ? undefined : all.get(chosen)) ?? list[0] ?? null;

  const begin = useEffectEvent(() => {
    setFresh(null);
    setChosen(pinned);
  });
  useEffect(() => {
    if (open) begin();
  }, [open]);

  const runnable = sorted.filter(isRunnable);
  const first = entry?.id ?? runnable[0]?.id ?? null;
  const full = all.size >= LIMITS.configurations;
  const create = (from: FileId) =>
    setFresh({
      id: ConfigurationId.parse(nanoid(20)),
      name: freeName('Configuration', list),
      entry: from,
      args: [],
      env: [],
      stdin: null,
      workFolder: 'room',
    });
  const duplicate = (of: RunConfiguration) =>
    setFresh({ ...of, id: ConfigurationId.parse(nanoid(20)), name: freeName(of.name, list) });

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Run configurations"
      description="They belong to the room. Everyone in it sees all of them, so put no passwords or keys here."
      width="xl"
    >
      <div className="flex gap-5 phone:flex-col">
        <div className="flex w-44 shrink-0 flex-col gap-1 phone:w-full">
          <ul aria-label="Run configurations" className="flex flex-col gap-0.5">
            {[...list, ...(fresh === null ? [] : [fresh])].map((each) => (
              <li key={each.id}>
                <button
                  type="button"
                  aria-current={each.id === shown?.id}
                  onClick={() => {
                    if (each.id !== fresh?.id) setFresh(null);
                    setChosen(each.id);
                  }}
                  className="flex h-7 w-full items-center gap-1.5 rounded-md px-2 text-left hover:bg-surface-2 aria-[current=true]:bg-accent-soft phone:h-11"
                >
                  <span
                    className={clsx(
                      'min-w-0 flex-1 truncate',
                      configurationProblem(each, files) !== null && 'text-ink-3 line-through',
                    )}
                  >
                    {each.name}
                  </span>
                  {each.id === pinned && (
                    <Pin size={12} strokeWidth={1.5} className="shrink-0" aria-label="pinned" />
                  )}
                </button>
              </li>
            ))}
          </ul>
          <Button
            variant="ghost"
            disabled={!mayEdit || full || first === null || fresh !== null}
            icon={<Plus size={14} strokeWidth={1.5} aria-hidden="true" />}
            onClick={() => first !== null && create(first)}
            className="justify-start! px-2!"
          >
            New configuration
          </Button>
        </div>
        <div className="min-w-0 flex-1">
          {shown === null ? (
            <p className="py-6 text-ink-2">
              {first === null
                ? 'There is no file to run yet. Make one first.'
                : 'A configuration is a way to run a file: with arguments, variables, or a file as its input.'}
            </p>
          ) : (
            <ConfigurationForm
              key={shown.id}
              configuration={shown}
              fresh={shown === fresh}
              pinned={shown.id === pinned}
              onSaved={() => {
                setChosen(shown.id);
                setFresh(null);
              }}
              onDropped={() => {
                setChosen(null);
                setFresh(null);
              }}
              onDuplicate={full ? null : duplicate}
              onRun={() => onOpenChange(false)}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}
