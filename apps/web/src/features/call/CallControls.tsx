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
import { turnWords } from './words.ts';

const ICON = { size: 16, strokeWidth: 1.5 } as const;
/** What stands for each while it is on and off: a screen's say what a press does, the others how it is. */
const BUTTONS = [
  { kind: 'microphone', On: Mic, Off: MicOff },
  { kind: 'camera', On: Video, Off: VideoOff },
  { kind: 'screen', On: MonitorX, Off: MonitorUp },
] as const;
/** Of a microphone that is off, which whoever talks must see, and of the way out. */
const OFF = 'bg-danger-soft text-danger hover:text-danger';

/** What this person turns on and off in the call, and the way out of it. */
export function CallControls() {
  const desk = useDesk();
  const call = useCall();
  const media = useCallStatus((status) => status.media);
  const collapsed = useShown((state) => state.collapsed);
  const keys = (of: keyof typeof CALL_KEYS) => shown(CALL_KEYS[of], desk.mac);
  return (
    <div role="toolbar" aria-label="Call" className="flex shrink-0 items-center gap-1">
      {BUTTONS.map(({ kind, On, Off }) => {
        const isOn = media[kind];
        const Icon = isOn ? On : Off;
        return (
          <IconButton
            key={kind}
            label={turnWords(kind, isOn)}
            shortcut={keys(kind)}
            {...(kind === 'microphone'
              ? { 'aria-pressed': isOn, className: clsx(!isOn && OFF) }
              : { pressed: isOn })}
            onClick={() => void call.turn(kind, !isOn)}
          >
            <Icon {...ICON} />
          </IconButton>
        );
      })}
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
      <IconButton label="Leave the call" shortcut={keys('call')} className={OFF} onClick={() => call.leave()}>
        <PhoneOff {...ICON} />
      </IconButton>
    </div>
  );
}
