import { HUES, wellFormed } from '@codesync/protocol';
import clsx from 'clsx';
import { useState } from 'react';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { HuePicker } from './HuePicker.tsx';
import { nameProblem, type Person, useIdentity } from './identity.ts';

type NameFormProps = {
  suggestion: Person | null;
  submit: string;
  /** The page is for something else than the name. */
  quiet?: boolean;
  /** Why a name is asked for, where that is not plain. */
  hint?: string | null;
  onDone: (person: Person) => void;
  onCancel?: () => void;
  autoFocus?: boolean;
};

/** Asks what to be called and in which colour. */
export function NameForm({
  suggestion,
  submit,
  quiet = false,
  hint = null,
  onDone,
  onCancel,
  autoFocus = false,
}: NameFormProps) {
  const save = useIdentity((store) => store.save);
  const [name, setName] = useState(suggestion?.name ?? '');
  const [hue, setHue] = useState(() => suggestion?.hue ?? Math.floor(Math.random() * HUES));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async () => {
    const whole = wellFormed(name).trim();
    const problem = nameProblem(whole);
    setError(problem);
    if (problem !== null) return;
    setBusy(true);
    const person = { name: whole, hue };
    const refused = await save(person);
    setBusy(false);
    if (refused === null) onDone(person);
    else setError(refused.message);
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="flex items-end gap-3">
        <Avatar name={name} hue={hue} size="md" className="mb-0.5 phone:mb-2" />
        <TextField
          label="Your name"
          value={name}
          placeholder="As the others know you"
          autoComplete="nickname"
          autoFocus={autoFocus}
          onChange={(event) => {
            setName(event.target.value);
            setError(null);
          }}
          aria-invalid={error !== null || undefined}
          className="flex-1"
        />
        <Button type="submit" variant={quiet ? 'secondary' : 'primary'} busy={busy} className="h-8">
          {submit}
        </Button>
        {onCancel !== undefined && (
          <Button variant="ghost" onClick={onCancel} className="h-8">
            Cancel
          </Button>
        )}
      </div>
      <p
        role="alert"
        className={clsx('mt-1 min-h-4 pl-10 text-xs', error === null ? 'text-ink-2' : 'text-danger')}
      >
        {error ?? hint}
      </p>
      <div className="mt-2 pl-10">
        <HuePicker value={hue} onChange={setHue} />
      </div>
    </form>
  );
}
