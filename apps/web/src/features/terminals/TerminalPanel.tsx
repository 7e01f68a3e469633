import type { Terminal, TerminalState } from '@codesync/protocol';
import { SquareTerminal } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { useLive, useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { openTerminal, restartTerminal, seenTerminal } from './acts.ts';
import type { Emulator } from './emulator.ts';
import { FindInTerminal } from './FindInTerminal.tsx';
import { TerminalView } from './lazy-view.ts';
import { OnlyOnDisk } from './OnlyOnDisk.tsx';
import { useTerminals } from './state.ts';
import { TerminalTabs } from './TerminalTabs.tsx';
import { TerminalTools } from './TerminalTools.tsx';
import { blockedWords, endWords, phaseWords } from './words.ts';

/** The shells of the room, one at a time. */
export function TerminalPanel({ onClose }: PanelProps) {
  const terminals = useRoom(({ room }) => room.terminals);
  const seen = useTerminals((state) => state.seen);
  const finding = useTerminals((state) => state.finding);
  const terminal = seenTerminal(terminals, seen);
  const [emulator, setEmulator] = useState<Emulator | null>(null);
  const [state, setState] = useState<TerminalState | null>(null);
  const current = state?.terminal === terminal?.id ? state : null;
  return (
    <section aria-label="Terminal" className="flex h-full min-h-0 flex-col bg-surface-0">
      <div className="@container border-line border-b">
        <PanelHeader
          title="Terminal"
          start={<TerminalTabs terminals={[...terminals.values()]} seen={terminal?.id ?? null} />}
          {...(onClose === undefined ? {} : { onClose })}
        >
          <OnlyOnDisk />
          {terminal !== null && (
            <TerminalTools terminal={terminal} driver={current?.driver ?? null} emulator={emulator} />
          )}
        </PanelHeader>
      </div>
      {finding && emulator !== null && <FindInTerminal emulator={emulator} />}
      {terminal === null ? (
        <NoTerminal />
      ) : (
        <Suspense fallback={<Waiting />}>
          <TerminalView key={terminal.id} terminal={terminal} onState={setState} onEmulator={setEmulator} />
          <ShellNote terminal={terminal} state={current} />
        </Suspense>
      )}
    </section>
  );
}

function Waiting() {
  return (
    <div className="flex min-h-0 flex-1 items-center justify-center text-ink-3">
      <Spinner />
    </div>
  );
}

/** Below the screen: why the shell says nothing, or how it ended. */
function ShellNote({ terminal, state }: { terminal: Terminal; state: TerminalState | null }) {
  const desk = useDesk();
  const online = useOnline();
  const may = useMay('terminal.restart');
  const { end, shell } = terminal;
  const words = !online
    ? 'There is no connection. What you type goes nowhere until it is back; what the shell writes is kept.'
    : end !== null
      ? endWords(end)
      : state?.shell === shell
        ? phaseWords(state.phase)
        : null;
  if (words === null) return null;
  return (
    <div
      role="status"
      className="flex min-h-9 shrink-0 items-center gap-3 border-line border-t bg-surface-1 px-3 py-1 text-ink-2 text-sm"
    >
      <p className="min-w-0 flex-1">{words}</p>
      {online && end !== null && may && (
        <Button variant="primary" onClick={() => void restartTerminal(desk, terminal.id)}>
          Start again
        </Button>
      )}
    </div>
  );
}

/** Before anybody opened one: what to do. */
function NoTerminal() {
  const desk = useDesk();
  const may = useMay('terminal.open');
  const blocked = useLive(({ sandbox }) => blockedWords(sandbox));
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 p-4 text-center text-ink-3">
      <SquareTerminal size={20} strokeWidth={1.5} aria-hidden="true" />
      <p className="max-w-80">
        {!may
          ? 'No terminal is open. One that others open shows here.'
          : (blocked ??
            'A terminal is a shell that everyone in the room sees and types into. It stands among the room’s files: what it changes there changes here.')}
      </p>
      {may && blocked === null && <Button onClick={() => void openTerminal(desk)}>Open a terminal</Button>}
    </div>
  );
}
