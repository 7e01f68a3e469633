import type { Refusal } from '@codesync/protocol';
import clsx from 'clsx';
import { Eye } from 'lucide-react';
import { useState } from 'react';
import { useCommand, useDeskState } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';

/** Above the code of someone who may not edit it: says so, and offers the way. */
export function ViewerStrip() {
  const viewing = useRoom(({ you }) => you?.role === 'viewer');
  return viewing && <Strip />;
}

function Strip() {
  const command = useCommand();
  const asked = useRoom(({ room, you }) => (you !== null && room.members.get(you.id)?.asking) ?? false);
  const tries = useDeskState((state) => state.tries);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    const result = await command({ kind: 'role.request' });
    setBusy(false);
    setRefused(result.ok ? null : result.error);
  };
  return (
    <div
      role="status"
      className="flex min-h-9 items-center gap-2.5 border-line border-b bg-accent-soft px-3 py-1"
    >
      <Eye
        key={tries}
        aria-hidden="true"
        size={16}
        strokeWidth={1.5}
        className={clsx('shrink-0 text-accent', tries > 0 && 'animate-nod')}
      />
      <p className="min-w-0 flex-1">
        {refused !== null
          ? refused.message
          : asked
            ? 'You are viewing. The host has been asked to let you edit.'
            : tries > 0
              ? 'You are viewing. What you type here goes nowhere until the host lets you edit.'
              : 'You are viewing.'}
      </p>
      {!asked && (
        <Button variant="primary" busy={busy} onClick={() => void ask()}>
          Ask to edit
        </Button>
      )}
    </div>
  );
}
