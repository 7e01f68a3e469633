import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { terminalsOf, useTerminals } from './state.ts';

/** What is asked about terminals before it is done. */
export function TerminalDialogs() {
  return (
    <>
      <CloseDialog />
      <PasteDialog />
    </>
  );
}

function CloseDialog() {
  const desk = useDesk();
  const closing = useTerminals((state) => state.closing);
  const name = useRoom(({ room }) => (closing === null ? null : (room.terminals.get(closing)?.name ?? null)));
  return (
    <ConfirmDialog
      open={name !== null}
      onOpenChange={(open) => {
        if (!open) terminalsOf(desk).setState({ closing: null });
      }}
      title={`Close ${name}?`}
      confirm="Close"
      onConfirm={() => {
        if (closing !== null) void desk.send({ kind: 'terminal.close', terminal: closing });
      }}
    >
      It closes for everyone in the room, and what runs in it is ended. This cannot be undone.
    </ConfirmDialog>
  );
}

function PasteDialog() {
  const desk = useDesk();
  const pasting = useTerminals((state) => state.pasting);
  const lines = pasting?.text.trimEnd().split(/\r\n|\r|\n/).length ?? 0;
  return (
    <ConfirmDialog
      open={pasting !== null}
      onOpenChange={(open) => {
        if (!open) terminalsOf(desk).setState({ pasting: null });
      }}
      title={lines === 1 ? 'Paste a line with its end?' : `Paste ${lines} lines?`}
      confirm="Paste"
      onConfirm={() => pasting?.paste()}
    >
      A shell may carry out each line as it comes.
    </ConfirmDialog>
  );
}
