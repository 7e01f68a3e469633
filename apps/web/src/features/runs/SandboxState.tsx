import { languageOf } from '@codesync/protocol';
import clsx from 'clsx';
import { useOnline } from '../../desk/hooks.tsx';
import { useLive } from '../../desk/room.tsx';
import { Popover } from '../../ui/Popover.tsx';
import { ProgressRing } from '../../ui/Progress.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { useEntry, useGoing } from './hooks.ts';
import { sandboxWords } from './words.ts';

const TONES = {
  neutral: { text: 'text-ink-3', dot: 'bg-ink-3' },
  success: { text: 'text-ink-3', dot: 'bg-success' },
  active: { text: 'text-ink-2', dot: 'bg-ink-3' },
  warning: { text: 'text-warning', dot: 'bg-warning' },
} as const;

/** Whether code can be run now, beside Run; opens to say why not and what would mend it. */
export function SandboxState() {
  // Without a connection nobody knows.
  return useOnline() && <Shown />;
}

function Shown() {
  const sandbox = useLive((view) => view.sandbox);
  const entry = useEntry();
  const going = useGoing().length;
  const language = entry === null ? null : languageOf(entry);
  const { label, tone, detail, percent } = sandboxWords(sandbox, language, going);
  const ready = sandbox.state === 'ready';
  return (
    <Popover
      label="Sandbox"
      trigger={
        <button
          type="button"
          aria-label={`Sandbox: ${label}`}
          title={label}
          data-sandbox={sandbox.state}
          className={clsx(
            'inline-flex h-7 min-w-7 items-center gap-1.5 rounded-md px-2 text-xs tabular-nums hover:bg-surface-2 phone:h-11 phone:min-w-8',
            TONES[tone].text,
            ready && 'phone:hidden',
          )}
        >
          {percent !== null ? (
            <ProgressRing percent={percent} label="Preparing the sandbox" />
          ) : tone === 'active' ? (
            <Spinner />
          ) : (
            <span aria-hidden="true" className={clsx('size-1.5 shrink-0 rounded-full', TONES[tone].dot)} />
          )}
          <span className={clsx('truncate', ready ? 'max-[1100px]:hidden' : 'max-[900px]:hidden')}>
            {label}
          </span>
        </button>
      }
    >
      <p className="font-medium">{sandbox.state === 'off' ? sandbox.reason : label}</p>
      <p className="mt-1 text-ink-2">{sandbox.state === 'off' ? sandbox.mend : detail}</p>
    </Popover>
  );
}
