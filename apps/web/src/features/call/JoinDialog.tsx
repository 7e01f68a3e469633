import { Mic, MicOff, Video as VideoIcon, VideoOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { checkWay, type WayCheck } from '../../call/check.ts';
import type { DialogProps } from '../../desk/feature.ts';
import { useLive, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { DevicePicks } from './DevicePicks.tsx';
import { Video } from './Media.tsx';
import { useCall, useCallStatus } from './state.ts';
import { nameOf, WAY_CHECK } from './words.ts';

/** Before the call: who is in it, what the others will see and hear, and what stands in the way. */
export function JoinDialog({ open, onOpenChange }: DialogProps) {
  const call = useCall();
  const phase = useCallStatus((status) => status.phase);
  useEffect(() => {
    if (!open) return;
    void call.prepare();
    return () => call.cancel();
  }, [open, call]);
  useEffect(() => {
    if (open && phase === 'in') onOpenChange(false);
  }, [open, phase, onOpenChange]);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Join the call" description={<InIt />} width="md">
      {open && <Before />}
    </Dialog>
  );
}

function InIt() {
  const members = useLive(({ call }) => call.members);
  const people = useRoom(({ room }) => room.members);
  if (members.length === 0) return 'Nobody is in it yet. The others in the room see that you are.';
  return `In it: ${members.map((member) => nameOf(people, member)).join(', ')}.`;
}

function Before() {
  const call = useCall();
  const phase = useCallStatus((status) => status.phase);
  const { microphone, camera } = useCallStatus((status) => status.media);
  const picture = useCallStatus((status) => status.tracks.camera);
  const note = useCallStatus((status) => status.note);
  const way = useWayCheck();
  return (
    <>
      <div className="relative flex aspect-video max-h-[34vh] w-full items-center justify-center overflow-hidden rounded-md bg-surface-2">
        {picture !== undefined && camera ? (
          <Video track={picture} label="Your camera" mirrored />
        ) : (
          <p className="text-ink-3">Your camera is off</p>
        )}
        <div className="absolute inset-x-0 bottom-2 flex justify-center gap-2">
          <Button
            aria-pressed={microphone}
            icon={microphone ? <Mic size={16} strokeWidth={1.5} /> : <MicOff size={16} strokeWidth={1.5} />}
            onClick={() => void call.turn('microphone', !microphone)}
          >
            {microphone ? 'Mute' : 'Unmute'}
          </Button>
          <Button
            aria-pressed={camera}
            icon={
              camera ? <VideoIcon size={16} strokeWidth={1.5} /> : <VideoOff size={16} strokeWidth={1.5} />
            }
            onClick={() => void call.turn('camera', !camera)}
          >
            {camera ? 'Camera off' : 'Camera on'}
          </Button>
        </div>
      </div>
      <DevicePicks />
      <p
        role="status"
        className={way === null || way === 'ok' ? 'text-ink-3 text-xs' : 'text-sm text-danger'}
      >
        {way === null ? 'Looking whether your browser can be connected to others…' : WAY_CHECK[way]}
      </p>
      {note !== null && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {note.text}
        </p>
      )}
      <p className="mt-3 border-line border-t pt-3 text-ink-3 text-xs">
        Voice, camera and screen go straight to the others in the call, who can see your network address. They
        are never recorded.
      </p>
      <div className="mt-4 flex justify-end">
        <Button
          variant="primary"
          busy={phase === 'joining'}
          disabled={way === 'unsupported'}
          onClick={() => void call.join()}
        >
          {microphone ? 'Join' : 'Join muted'}
        </Button>
      </div>
    </>
  );
}

/** Null while it is looked. */
function useWayCheck(): WayCheck | null {
  const [way, setWay] = useState<WayCheck | null>(null);
  useEffect(() => {
    let here = true;
    void checkWay().then((found) => here && setWay(found));
    return () => {
      here = false;
    };
  }, []);
  return way;
}
