import { useMemo } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { HostLinks } from './HostLinks.tsx';

/** The ways into the room. */
export function ShareDialog({ open, onOpenChange }: DialogProps) {
  const host = useMay('link.revoke');
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share this room"
      description={host ? 'Anyone with a link can come in, until you revoke it.' : undefined}
    >
      {host ? <HostLinks onDone={() => onOpenChange(false)} /> : <AskHost />}
    </Dialog>
  );
}

function AskHost() {
  const members = useRoom(({ room }) => room.members);
  const hosts = useMemo(
    () => [...members.values()].filter((member) => member.role === 'host' && !member.removed),
    [members],
  );
  const here = hosts.filter((member) => member.here);
  const named = (here.length > 0 ? here : hosts).map(({ name }) => name);
  return (
    <p className="text-base text-ink-2">
      Only the host gives out links to this room.{' '}
      {named.length === 0 ? (
        'Ask the person who sent you yours.'
      ) : (
        <>
          Ask <span className="font-medium text-ink-1">{named.join(' or ')}</span>
          {here.length > 0 ? ', who is here now.' : ', who is not here just now.'}
        </>
      )}
    </p>
  );
}
