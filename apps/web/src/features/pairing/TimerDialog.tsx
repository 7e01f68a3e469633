import { LIMITS } from '@codesync/protocol';
import { type FormEvent, useState } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { startTimer } from './acts.ts';

/** The id of the dialog. */
export const TIMER = 'timer';

/** How long the timer is to run. */
export function TimerDialog({ open, onOpenChange }: DialogProps) {
  const desk = useDesk();
  const [text, setText] = useState('15');
  const [error, setError] = useState<string | null>(null);
  const start = (event: FormEvent) => {
    event.preventDefault();
    const minutes = Number(text);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LIMITS.timerMinutes) {
      setError(`Type a whole number of minutes from 1 to ${LIMITS.timerMinutes}.`);
      return;
    }
    onOpenChange(false);
    void startTimer(desk, minutes);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      width="sm"
      title="Start a timer"
      description="Everyone sees it. When it is over, the next one is offered the driver’s seat."
    >
      <form onSubmit={start} className="flex flex-col gap-4">
        <TextField
          label="Minutes"
          inputMode="numeric"
          value={text}
          error={error}
          onChange={(event) => {
            setText(event.target.value);
            setError(null);
          }}
        />
        <div className="flex justify-end">
          <Button type="submit" variant="primary">
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
