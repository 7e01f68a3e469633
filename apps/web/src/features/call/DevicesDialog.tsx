import type { DialogProps } from '../../desk/feature.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { DevicePicks } from './DevicePicks.tsx';

/** Other devices in the middle of a call. */
export function DevicesDialog({ open, onOpenChange }: DialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Microphone and camera"
      description="What you choose is used at once."
      width="sm"
    >
      {open && <DevicePicks />}
    </Dialog>
  );
}
