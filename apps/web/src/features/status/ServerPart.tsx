import type { SandboxStatus, ServerStatus } from '@codesync/protocol';
import clsx from 'clsx';
import { ShieldCheck, TriangleAlert } from 'lucide-react';
import { Spoken } from '../../ui/Notice.tsx';
import { forHowLong, span } from '../../ui/time.ts';
import { Row, Section, Value } from './parts.tsx';
import type { Told } from './useServerStatus.ts';
import { copies, people, poolRows, sandboxFact, serverSaves, shortImage } from './words.ts';

/** An answer that is older than this is told as old. */
const OLD_MS = 6_000;

type ServerPartProps = { told: Told | null; online: boolean; sandbox: SandboxStatus; now: number };

/** What the server says of itself. While it cannot be asked, its last answer stays and is marked as old. */
export function ServerPart({ told, online, sandbox, now }: ServerPartProps) {
  if (told === null) {
    return (
      <p role="status" className="mt-4 text-ink-3 text-xs">
        {online ? 'Asking the server…' : 'The server cannot be asked just now.'}
      </p>
    );
  }
  const { status, at } = told;
  const old = now - at > OLD_MS;
  const { storage, versions, room, startedAt } = status;
  const edits = storage.edits;
  return (
    <>
      {old && (
        <p role="status" aria-live="off" className="mt-4 text-warning text-xs">
          <Spoken words="The server does not answer." />
          The server does not answer. This is what it said {forHowLong(now - at)} ago.
        </p>
      )}
      <Section title="Server">
        <Row name="Saving">
          <Value fact={serverSaves(status)} />
        </Row>
        <Row name="Edits, all rooms" hint="From socket to everyone">
          {edits === null ? '–' : `${span(edits.medianMs)}, 99 % within ${span(edits.p99Ms)}`}
        </Row>
        <Row name="Here now">{people(room)}</Row>
        <Row name="Copies that diverged">
          <Value fact={copies(room)} />
        </Row>
      </Section>
      <Sandbox facts={status.sandbox} state={sandbox} />
      <Section title="Versions">
        <Row name="CodeSync">
          {versions.product}, protocol {versions.protocol}
        </Row>
        <Row name="Node.js">{versions.node}</Row>
        <Row name="PostgreSQL">{versions.postgres ?? '–'}</Row>
        {status.sandbox !== null && (
          <Row name="Sandbox image">
            <span className="font-mono text-xs" title={status.sandbox.image}>
              {shortImage(status.sandbox.image)}
            </span>
          </Row>
        )}
        <Row name="Running for">{forHowLong(status.now - startedAt)}</Row>
      </Section>
    </>
  );
}

type SandboxProps = { facts: ServerStatus['sandbox']; state: SandboxStatus };

function Sandbox({ facts, state }: SandboxProps) {
  if (facts === null) {
    return (
      <section aria-label="Sandbox" className="mt-4">
        <h3 className="mb-1 font-medium text-ink-3 text-xs">Sandbox</h3>
        <p className="py-1 text-ink-2">
          <Value fact={sandboxFact(state)} />
        </p>
      </section>
    );
  }
  const { check } = facts;
  return (
    <section aria-label="Sandbox" className="mt-4">
      <h3 className="sr-only">Sandbox</h3>
      <table className="w-full tabular-nums">
        <thead>
          <tr className="text-ink-3 text-xs">
            <th scope="col" className="pb-1 text-left font-medium">
              Sandbox
            </th>
            {['Ready', 'Running', 'Waiting'].map((name) => (
              <th key={name} scope="col" className="w-20 pb-1 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {poolRows(facts.pools).map(({ language, label, ready, wanted, busy, queued }) => (
            <tr key={language} className="h-8 border-line border-t text-ink-2 first:border-t-0">
              <th scope="row" className="text-left font-normal text-ink-1">
                {label}
              </th>
              <td className="text-right">
                {ready} of {wanted}
              </td>
              <td className={clsx('text-right', busy === 0 && 'text-ink-3')}>{busy}</td>
              <td className={clsx('text-right', queued > 0 ? 'text-warning' : 'text-ink-3')}>{queued}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 flex items-start gap-2 border-line border-t pt-2 text-ink-2 text-xs">
        <ShieldCheck aria-hidden="true" size={14} strokeWidth={1.5} className="mt-px shrink-0 text-success" />
        {check.summary}
      </p>
      {check.gaps.map(({ reason, mend }) => (
        <p key={reason} className="mt-2 flex items-start gap-2 text-ink-2 text-xs">
          <TriangleAlert
            aria-hidden="true"
            size={14}
            strokeWidth={1.5}
            className="mt-px shrink-0 text-warning"
          />
          <span>
            {reason} {mend}
          </span>
        </p>
      ))}
    </section>
  );
}
