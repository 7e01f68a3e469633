// A small feature that gives one of everything that a feature can give, to see that the page takes it.
import { FlaskConical } from 'lucide-react';
import type { DialogProps, Feature, PanelProps } from '../../src/desk/feature.ts';
import { useDesk } from '../../src/desk/hooks.tsx';
import { useRoom } from '../../src/desk/room.tsx';
import { Dialog } from '../../src/ui/Dialog.tsx';
import { PanelHeader } from '../../src/ui/PanelHeader.tsx';

function ProbePanel({ onClose }: PanelProps) {
  const desk = useDesk();
  const name = useRoom(({ room }) => room.name);
  return (
    <section aria-label="Probe" className="h-full bg-surface-1">
      <PanelHeader title="Probe" {...(onClose === undefined ? {} : { onClose })} />
      <button type="button" onClick={() => desk.tell(`Probed ${name}.`)}>
        Probe the room
      </button>
    </section>
  );
}

function ProbeFact() {
  return <span>{useRoom(({ room }) => room.files.size)} probed</span>;
}

function ProbeDialog({ open, onOpenChange }: DialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="What the probe found">
      Nothing amiss.
    </Dialog>
  );
}

export const probe: Feature = {
  panels: [
    {
      id: 'probe',
      title: 'Probe',
      side: 'right',
      order: 90,
      Content: ProbePanel,
      keys: ['alt+shift+p'],
      size: { start: 180, least: 120 },
      phone: { icon: FlaskConical, order: 90 },
    },
  ],
  status: [{ place: 'end', order: 90, Content: ProbeFact }],
  dialogs: [{ id: 'probe', Content: ProbeDialog }],
  commands: (desk) => [
    {
      id: 'probe.findings',
      title: 'What did the probe find?',
      section: 'Help',
      order: 90,
      keys: ['alt+shift+o'],
      enabled: true,
      run: () => desk.openDialog('probe'),
    },
  ],
};
