import type { Language, SandboxStatus } from '@codesync/protocol';
import clsx from 'clsx';
import * as Popover from 'radix-ui/popover';
import { ProgressRing } from '../../ui/Progress.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { sandboxWords } from './words.ts';

const TONES = {
  neutral: 'text-ink-3',
  success: 'text-ink-3',
  active: 'text-ink-2',
  warning: 'text-warning',
} as const;

type SandboxStateProps = { sandbox: SandboxStatus; language: Language | null };

/** Whether code can be run now, beside Run; opens to say why not and what would mend it. */
export function SandboxState({ sandbox, language }: SandboxStateProps) {
  const { label, tone, detail, percent } = sandboxWords(sandbox, language);
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Sandbox: ${label}`}
        data-sandbox={sandbox.state}
        className={clsx(
          'inline-flex h-7 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md px-2 text-xs tabular-nums hover:bg-surface-2 phone:h-11',
          TONES[tone],
          sandbox.state === 'ready' && 'phone:hidden',
        )}
      >
        {percent !== null ? (
          <ProgressRing percent={percent} label="Preparing the sandbox" />
        ) : tone === 'active' ? (
          <Spinner />
        ) : (
          <span
            aria-hidden="true"
            className={clsx(
              'size-1.5 rounded-full',
              tone === 'success' ? 'bg-success' : tone === 'warning' ? 'bg-warning' : 'bg-ink-3',
            )}
          />
        )}
        <span className={clsx(sandbox.state === 'ready' && 'max-[1100px]:hidden', 'phone:hidden')}>
          {label}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={8}
          aria-label="Sandbox"
          className="z-50 w-80 max-w-[calc(100vw-16px)] animate-fade rounded-md border border-line bg-surface-0 p-3 text-sm shadow-float dark:bg-surface-1"
        >
          {sandbox.state === 'off' ? (
            <>
              <p className="font-medium">{sandbox.reason}</p>
              <p className="mt-1 text-ink-2">{sandbox.mend}</p>
            </>
          ) : (
            <>
              <p className="font-medium">{label}</p>
              <p className="mt-1 text-ink-2">{detail}</p>
            </>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
