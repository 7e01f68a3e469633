import type { ReactNode } from 'react';
import type { DeviceKind } from '../../call/own-media.ts';
import { troubleWords } from '../../call/troubles.ts';
import { Select } from '../../ui/Select.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { useCall, useCallStatus } from './state.ts';

const TITLES: Readonly<Record<DeviceKind, string>> = { microphone: 'Microphone', camera: 'Camera' };

/** One kind of device: which one, and why there is none. */
function Pick({ kind, children }: { kind: DeviceKind; children?: ReactNode }) {
  const call = useCall();
  const devices = useCallStatus((status) => status.devices[kind]);
  const track = useCallStatus((status) => status.tracks[kind]);
  const trouble = useCallStatus((status) => status.troubles[kind]);
  const chosen = track?.getSettings().deviceId ?? call.chosen(kind) ?? devices[0]?.id;
  return (
    <div className="py-2">
      <div className="mb-1 text-ink-2 text-xs">{TITLES[kind]}</div>
      {devices.length > 0 && chosen !== undefined ? (
        <Select
          label={TITLES[kind]}
          value={chosen}
          onChange={(device) => void call.choose(kind, device)}
          options={devices.map(({ id, label }) => ({ value: id, label }))}
          className="w-full"
        />
      ) : (
        trouble === undefined && <p className="text-ink-3 text-sm">None was found yet.</p>
      )}
      {trouble !== undefined && (
        <p role="alert" className="mt-1.5 text-sm text-warning">
          {troubleWords(kind, trouble)}
        </p>
      )}
      {children}
    </div>
  );
}

/** Which microphone and which camera, with how loud the one is. */
export function DevicePicks() {
  const track = useCallStatus((status) => status.tracks.microphone);
  return (
    <>
      <Pick kind="microphone">
        <div className="mt-2">
          <LevelMeter track={track} />
        </div>
      </Pick>
      <Pick kind="camera" />
    </>
  );
}
