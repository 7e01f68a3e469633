import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { DialogProps } from '../../desk/feature.ts';
import { useLive, useMay, useSource } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { useNow } from '../../ui/hooks.ts';
import { span } from '../../ui/time.ts';
import { Row, Section, Value } from './parts.tsx';
import { ServerPart } from './ServerPart.tsx';
import { Sparkline } from './Sparkline.tsx';
import { useServerStatus } from './useServerStatus.ts';
import { advices, type Health, median, ownEdits, summary, verdict, wayWords } from './words.ts';

const BANNERS: Readonly<Record<Health, string>> = {
  good: 'bg-success-soft',
  busy: 'bg-surface-2',
  bad: 'bg-warning-soft',
};
const DOTS: Readonly<Record<Health, string>> = { good: 'bg-success', busy: 'bg-ink-3', bad: 'bg-warning' };

/**
 * How things are: whether all is well, and what a host can do if not. One click further it shows what this page
 * measures, and to hosts also what the server says of itself.
 */
export function StatusDialog({ open, onOpenChange }: DialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Status" reading>
      {open && <Contents />}
    </Dialog>
  );
}

function Contents() {
  const source = useSource();
  const host = useMay('room.rename');
  const view = {
    connection: useLive((live) => live.connection),
    save: useLive((live) => live.save),
    storage: useLive((live) => live.storage),
    sandbox: useLive((live) => live.sandbox),
  };
  const now = useNow(1000, true);
  const told = useServerStatus(source.serverStatus, host);
  const { roundTrips, saves } = source.measures();
  const { connection } = view;
  const online = connection.kind === 'online';
  const way = wayWords(connection);
  const advice = host ? advices(view, told?.status ?? null) : [];
  const all = verdict(summary(view, now), advice);
  const [open, setOpen] = useState(false);
  return (
    <>
      <p
        // Not aloud: it counts seconds, and the room's own notice has said the same.
        role="status"
        aria-live="off"
        className={clsx('mb-1 flex items-start phone:mt-3 gap-2.5 rounded-md px-3 py-2', BANNERS[all.health])}
      >
        <span aria-hidden="true" className={clsx('mt-1.5 size-2 shrink-0 rounded-full', DOTS[all.health])} />
        {all.words}
      </p>
      {advice.length > 0 && (
        <ul aria-label="What can be done" className="mt-3 grid gap-2.5">
          {advice.map(({ health, words, mend }) => (
            <li key={mend} className="flex items-start gap-2.5 px-3">
              <span
                aria-hidden="true"
                className={clsx('mt-1.5 size-2 shrink-0 rounded-full', DOTS[health])}
              />
              <span className="min-w-0">
                {words !== null && <span className="block">{words}</span>}
                <span className="block text-ink-2">{mend}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Button
        variant="ghost"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-ml-2.5 mt-3"
        icon={
          <ChevronRight
            size={14}
            strokeWidth={1.5}
            className={clsx('transition-transform duration-120', open && 'rotate-90')}
          />
        }
      >
        Details
      </Button>
      {open && (
        <>
          <Section title="From this page">
            <Measure
              name="Round trip"
              hint="To the server and back"
              value={online && connection.rttMs !== null ? span(connection.rttMs) : null}
              chart={<Sparkline samples={roundTrips} now={now} />}
            />
            <Measure
              name="Key to saved"
              hint="Until the database has it"
              value={spanOrNull(median(saves.map(({ ms }) => ms)))}
              chart={<Sparkline samples={saves} now={now} />}
            />
            {way !== null && (
              <Row name="Messages travel by" hint={way.detail}>
                {way.label}
              </Row>
            )}
            <Row name="Your edits">
              <Value fact={ownEdits(view.save, now)} />
            </Row>
          </Section>
          {host ? (
            <ServerPart told={told} online={online} sandbox={view.sandbox} now={now} />
          ) : (
            <p className="mt-4 text-ink-3 text-xs">A host of the room also sees how the server is.</p>
          )}
        </>
      )}
    </>
  );
}

function spanOrNull(ms: number | null): string | null {
  return ms === null ? null : span(ms);
}

type MeasureProps = { name: string; hint: string; value: string | null; chart: ReactNode };

function Measure({ name, hint, value, chart }: MeasureProps) {
  return (
    <Row name={name} hint={hint}>
      <span className="inline-flex items-center gap-3">
        {chart}
        <span className={clsx('min-w-14 text-right', value === null && 'text-ink-3')}>{value ?? '–'}</span>
      </span>
    </Row>
  );
}
