import clsx from 'clsx';
import {
  ChevronDown,
  ChevronUp,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Settings2,
  Video,
  VideoOff,
} from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { shown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { CALL_KEYS } from './keys.ts';
import { shownOf, useCall, useCallStatus, useShown } from './state.ts';

const ICON = { size: 16, strokeWidth: 1.5 } as const;
const OFF = 'bg-danger-soft text-danger hover:text-danger';

/** What this person turns on and off in the call, and the way out of it. */
export function CallControls() {
  const desk = useDesk();
  const call = useCall();
  const { microphone, camera, screen } = useCallStatus((status) => status.media);
  const collapsed = useShown((state) => state.collapsed);
  const keys = (of: keyof typeof CALL_KEYS) => shown(CALL_KEYS[of], desk.mac);
  return (
    <div role="toolbar" aria-label="Call" className="flex shrink-0 items-center gap-1">
      <IconButton
        label={microphone ? 'Mute yourself' : 'Unmute yourself'}
        shortcut={keys('microphone')}
        aria-pressed={microphone}
        className={clsx(!microphone && OFF)}
        onClick={() => void call.turn('microphone', !microphone)}
      >
        {microphone ? <Mic {...ICON} /> : <MicOff {...ICON} />}
      </IconButton>
      <IconButton
        label={camera ? 'Turn your camera off' : 'Turn your camera on'}
        shortcut={keys('camera')}
        pressed={camera}
        onClick={() => void call.turn('camera', !camera)}
      >
        {camera ? <Video {...ICON} /> : <VideoOff {...ICON} />}
      </IconButton>
      <IconButton
        label={screen ? 'Stop sharing your screen' : 'Share your screen'}
        shortcut={keys('screen')}
        pressed={screen}
        onClick={() => void call.turn('screen', !screen)}
      >
        {screen ? <MonitorX {...ICON} /> : <MonitorUp {...ICON} />}
      </IconButton>
      <IconButton label="Choose microphone and camera" onClick={() => desk.openDialog('call.devices')}>
        <Settings2 {...ICON} />
      </IconButton>
      <IconButton
        label={collapsed ? 'Show who is in the call' : 'Hide who is in the call'}
        aria-expanded={!collapsed}
        onClick={() => shownOf(desk).setState({ collapsed: !collapsed })}
      >
        {collapsed ? <ChevronUp {...ICON} /> : <ChevronDown {...ICON} />}
      </IconButton>
      <IconButton
        label="Leave the call"
        shortcut={keys('call')}
        className="bg-danger-soft text-danger hover:text-danger"
        onClick={() => call.leave()}
      >
        <PhoneOff {...ICON} />
      </IconButton>
    </div>
  );
}
