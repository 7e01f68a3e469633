import type { RunSetup } from '@codesync/protocol';
import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextField } from '../../ui/TextField.tsx';

type EnvFieldsProps = { env: RunSetup['env']; onChange: (env: RunSetup['env']) => void };

/** Environment variables, one to a row. */
export function EnvFields({ env, onChange }: EnvFieldsProps) {
  const change = (at: number, part: Partial<RunSetup['env'][number]>) =>
    onChange(env.map((each, i) => (i === at ? { ...each, ...part } : each)));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-ink-2 text-xs">Environment variables</legend>
      <div className="flex flex-col gap-1.5">
        {env.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name; its place is its own
          <div key={at} className="flex items-center gap-1.5">
            <TextField
              label={`Name of variable ${at + 1}`}
              labelHidden
              placeholder="NAME"
              value={name}
              onChange={({ target }) => change(at, { name: target.value })}
              className="min-w-0 flex-[2]"
            />
            <span aria-hidden="true" className="text-ink-3">
              =
            </span>
            <TextField
              label={`Value of variable ${at + 1}`}
              labelHidden
              placeholder="value"
              value={value}
              onChange={({ target }) => change(at, { value: target.value })}
              className="min-w-0 flex-[3]"
            />
            <IconButton
              label={`Remove variable ${at + 1}`}
              onClick={() => onChange(env.filter((_, i) => i !== at))}
            >
              <X size={14} strokeWidth={1.5} />
            </IconButton>
          </div>
        ))}
        <Button
          variant="ghost"
          icon={<Plus size={14} strokeWidth={1.5} aria-hidden="true" />}
          onClick={() => onChange([...env, { name: '', value: '' }])}
          className="self-start px-2!"
        >
          Add a variable
        </Button>
      </div>
    </fieldset>
  );
}
