import clsx from 'clsx';
import { Phone } from 'lucide-react';
import { useDesk, usePhone } from '../../desk/hooks.tsx';
import { useLive } from '../../desk/room.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { CALL_KEYS } from './keys.ts';
import { shownOf, useCallStatus } from './state.ts';

/** Leads into the call; in it, shows and hides who else is. */
export function CallButton() {
  const desk = useDesk();
  const inCall = useCallStatus(({ phase }) => phase === 'in');
  const count = useLive(({ call }) => call.members.length);
  const label = inCall
    ? `In the call: ${count} people`
    : count === 0
      ? 'Start a call'
      : `Join the call: ${count} in it`;
  return (
    <IconButton
      label={label}
      shortcut={inCall ? undefined : shown(CALL_KEYS.call, desk.mac)}
      className={clsx('relative', inCall && 'bg-success-soft text-success hover:text-success')}
      onClick={() => {
        if (inCall) shownOf(desk).setState(({ collapsed }) => ({ collapsed: !collapsed }));
        else desk.openDialog('call');
      }}
    >
      <Phone size={16} strokeWidth={1.5} />
      {count > 0 && (
        <span
          aria-hidden="true"
          className="absolute -top-0.5 -right-1 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 font-semibold text-[10px] text-on-accent leading-none"
        >
          {count}
        </span>
      )}
    </IconButton>
  );
}

/** The same in the head of a phone, which has no room for what is at the end of it. */
export function PhoneCallButton() {
  return usePhone() ? <CallButton /> : null;
}
