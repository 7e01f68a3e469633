import { LIMITS, type Terminal, type TerminalState } from '@codesync/protocol';
import { useEffect, useRef, useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLive, useMay, useRoom, useSource } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { restartTerminal } from './acts.ts';
import { Emulator } from './emulator.ts';
import { terminalsOf } from './state.ts';
import { pieces } from './words.ts';

/** What is drawn is told to the server each time that it is so much, and when nothing more waits. In bytes. */
const READ_STEP = 24_000;

type TerminalViewProps = {
  terminal: Terminal;
  /** Takes in how the shell is, and who typed last. */
  onState: (state: TerminalState) => void;
  /** Takes the emulator, for what is done with it from outside; null when it goes. */
  onEmulator: (emulator: Emulator | null) => void;
};

/** A terminal as it is seen: the screen that all have, in the size that it has for all. */
export function TerminalView({ terminal, onState, onEmulator }: TerminalViewProps) {
  const source = useSource();
  const desk = useDesk();
  const host = useRef<HTMLDivElement>(null);
  const fontSize = useSettings((settings) => settings.fontSize);
  const mayType = useMayType(terminal);
  const roundTrip = useLive(({ connection }) => (connection.kind === 'online' ? connection.rttMs : null));
  const [emulator, setEmulator] = useState<Emulator | null>(null);
  const ended = useRef(terminal.end !== null);
  ended.current = terminal.end !== null;
  const initial = useRef({ fontSize, name: terminal.name, onState, onEmulator });
  const { id } = terminal;

  useEffect(() => {
    const place = host.current!;
    const { fontSize, name, onState, onEmulator } = initial.current;
    let watch: ReturnType<typeof source.watchTerminal> | null = null;
    const made = new Emulator({
      fontSize,
      label: name,
      typed: (text) => {
        if (ended.current) {
          if (text === '\r') void restartTerminal(desk, id);
          return null;
        }
        let number: number | null = null;
        for (const piece of pieces(text, LIMITS.terminalInputUnits)) number = watch?.type(piece) ?? null;
        return number;
      },
    });
    made.open(place);
    let drawn = 0;
    let told = 0;
    let waiting = 0;
    const tell = () => {
      told = drawn;
      watch?.read(drawn);
    };
    watch = source.watchTerminal(id, made.room() ?? { cols: 80, rows: 24 }, {
      screen: (screen) => {
        made.reset(screen.screen, screen.size);
        drawn = screen.at;
        told = screen.at;
        onState(screen);
      },
      state: (state) => {
        made.resize(state.size);
        onState(state);
      },
      output: (bytes, upTo, typed) => {
        waiting++;
        made.write(bytes, typed, () => {
          waiting--;
          drawn = upTo;
          if (drawn - told >= READ_STEP || (waiting === 0 && drawn > told)) tell();
        });
      },
    });
    const resized = new ResizeObserver(() => {
      const room = made.room();
      if (room !== null) watch.sized(room);
    });
    resized.observe(place);
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!/[\r\n]/.test(text)) return;
      event.preventDefault();
      event.stopPropagation();
      terminalsOf(desk).setState({
        pasting: {
          text,
          paste: () => {
            made.paste(text);
            made.focus();
          },
        },
      });
    };
    place.addEventListener('paste', onPaste, { capture: true });
    const enter = () => source.setActivity({ terminal: id });
    const leave = () => source.setActivity({ terminal: null });
    place.addEventListener('focusin', enter);
    place.addEventListener('focusout', leave);
    source.setActivity({ watching: id });
    setEmulator(made);
    onEmulator(made);
    return () => {
      resized.disconnect();
      place.removeEventListener('paste', onPaste, { capture: true });
      place.removeEventListener('focusin', enter);
      place.removeEventListener('focusout', leave);
      leave();
      source.setActivity({ watching: null });
      watch.stop();
      made.close();
      setEmulator(null);
      onEmulator(null);
    };
  }, [source, desk, id]);

  useEffect(() => {
    if (emulator !== null) emulator.fontSize = fontSize;
  }, [emulator, fontSize]);
  useEffect(() => {
    if (emulator !== null) emulator.readOnly = !mayType;
  }, [emulator, mayType]);
  useEffect(() => {
    if (emulator !== null) emulator.roundTrip = roundTrip;
  }, [emulator, roundTrip]);

  return (
    <div className="min-h-0 flex-1 overflow-auto bg-surface-0 py-1 pl-2" data-own-keys={mayType || undefined}>
      <div ref={host} className="h-full w-full" />
    </div>
  );
}

/** Whether this person may type into it. */
function useMayType({ locked }: Terminal): boolean {
  const may = useMay('terminal.open');
  const host = useRoom(({ you }) => you?.role === 'host');
  return may && (host || !locked);
}
