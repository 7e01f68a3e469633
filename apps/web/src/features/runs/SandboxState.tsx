import type { Language, SandboxStatus } from '@codesync/protocol';
import clsx from 'clsx';
import { Popover } from '../../ui/Popover.tsx';
import { ProgressRing } from '../../ui/Progress.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { sandboxWords } from './words.ts';

const TONES = {
  neutral: { text: 'text-ink-3', dot: 'bg-ink-3' },
  success: { text: 'text-ink-3', dot: 'bg-success' },
  active: { text: 'text-ink-2', dot: 'bg-ink-3' },
  warning: { text: 'text-warning', dot: 'bg-warning' },
} as const;

type SandboxStateProps = {
  sandbox: SandboxStatus;
  language: Language | null;
  /** How many runs of the room have not ended. */
  going: number;
};

/** Whether code can be run now, beside Run; opens to say why not and what would mend it. */
export function SandboxState({ sandbox, language, going }: SandboxStateProps) {
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
