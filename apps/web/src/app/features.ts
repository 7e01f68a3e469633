// What a room is made of. A feature that is not in this list is not in the room.
import type { Feature } from '../desk/feature.ts';
import { call } from '../features/call/feature.tsx';
import { chat } from '../features/chat/feature.tsx';
import { code } from '../features/code/feature.tsx';
import { comments } from '../features/comments/feature.tsx';
import { connection } from '../features/connection/feature.tsx';
import { files } from '../features/files/feature.tsx';
import { following } from '../features/following/feature.tsx';
import { formatting } from '../features/formatting/feature.tsx';
import { pairing } from '../features/pairing/feature.tsx';
import { palette } from '../features/palette/feature.tsx';
import { people } from '../features/people/feature.tsx';
import { rooms } from '../features/rooms/feature.tsx';
import { runs } from '../features/runs/feature.tsx';
import { search } from '../features/search/feature.tsx';
import { settings } from '../features/settings/feature.tsx';
import { share } from '../features/share/feature.tsx';
import { status } from '../features/status/feature.tsx';
import { terminals } from '../features/terminals/feature.tsx';

export const FEATURES: readonly Feature[] = [
  call,
  chat,
  code,
  comments,
  connection,
  files,
  following,
  formatting,
  pairing,
  palette,
  people,
  rooms,
  runs,
  search,
  settings,
  share,
  status,
  terminals,
];
