// What the page says about the connection and the safety of what was typed. Pure: states in, sentences out.
import type { RefusalCode } from '@codesync/protocol';
import type { LiveView } from '../../room-source/types.ts';
import type { Tone } from '../../ui/Notice.tsx';
import { forHowLong } from '../../ui/time.ts';

type Told = Pick<LiveView, 'connection' | 'save' | 'storage'>;

export type SaveWords = {
  readonly label: 'Saved' | 'Saving…' | 'On this device' | 'Not saved yet';
  readonly tone: 'success' | 'neutral' | 'warning';
  readonly detail: string;
};

/** The save light: one of four words, and what exactly it means. */
export function saveWords({ save, connection, storage }: Told): SaveWords {
  switch (save.kind) {
    case 'saved':
      return {
        label: 'Saved',
        tone: 'success',
        detail: 'Everything you typed is in the room’s database.',
      };
    case 'sent':
      return {
        label: 'Saving…',
        tone: 'neutral',
        detail:
          storage === 'ok'
            ? 'Your last edits are on their way to the database.'
            : `Your last edits are with the server, ${storage === 'full' ? 'whose disk is full' : 'which cannot reach its database'}. This page keeps them until it can save them.`,
      };
    case 'local': {
      const wait =
        connection.kind === 'online'
          ? 'They are sent in a moment.'
          : 'They are sent when the server is back.';
      return save.kept
        ? {
            label: 'On this device',
            tone: 'warning',
            detail: `Your last edits are kept in this browser; a reload does not lose them. ${wait}`,
          }
        : {
            label: 'Not saved yet',
            tone: 'warning',
            detail: `Your last edits are only in this tab so far: keep it open. ${wait}`,
          };
    }
  }
}

/** The connection in a word, for the status bar. Whether all is saved is the save light's to say. */
export function connectionWords(connection: LiveView['connection']): string {
  switch (connection.kind) {
    case 'joining':
      return 'connecting';
    case 'online':
      return 'connected';
    case 'reconnecting':
      return 'reconnecting';
    case 'offline':
      return 'offline';
    case 'outdated':
      return 'outdated';
    case 'closed':
      return 'closed';
  }
}

export type BannerWords = {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
  readonly action: 'reload' | null;
  /** The same to be said aloud, once: without the numbers that change. */
  readonly spoken: string;
};

/** Refusals that tell the state of the storage, by that state. */
const STALLS: Readonly<Record<string, 'stalled' | 'full'>> = {
  'storage.unavailable': 'stalled',
  'storage.full': 'full',
};

const CROWDED = 'Too many connections from your network address.';

/** What is shown while a room opens of which this device has no copy. */
export function openingWords(connection: LiveView['connection']): string {
  if (connection.kind === 'joining') return 'Opening the room…';
  const crowded = connection.kind === 'reconnecting' && connection.refused === 'rate.address';
  const reason = crowded ? CROWDED : 'The server cannot be reached, and this device has no copy of the room.';
  return `${reason} Trying again…`;
}

/** A break shorter than this is not worth a banner: the status bar tells it. */
const BLINK_MS = 1500;

/** What needs to be said over the whole page, or null. `unsaved`: how many changes are not in the log. */
export function bannerWords(
  view: Told & Pick<LiveView, 'ready' | 'you'>,
  now: number,
  unsaved: number,
): BannerWords | null {
  const seen = seenWords(view, now, unsaved);
  // Neither the time nor the number of changes is news by itself.
  const heard = seenWords(view, now, 0);
  if (seen === null || heard === null) return null;
  const title = heard.title.replace(/ for .+\.$/, '.').replace(/ \d.* ago\./, '.');
  return { ...seen, spoken: `${title} ${heard.detail}` };
}

function seenWords(
  view: Told & Pick<LiveView, 'ready' | 'you'>,
  now: number,
  unsaved: number,
): Omit<BannerWords, 'spoken'> | null {
  const { connection, save, storage } = view;
  const kept = keptWords(save, unsaved);
  const editing = view.you !== null && view.you.role !== 'viewer';
  switch (connection.kind) {
    case 'outdated':
      return {
        tone: 'warning',
        title: 'A newer version of CodeSync is here.',
        detail: `Reload to go on. ${kept}`,
        action: 'reload',
      };
    case 'offline':
    case 'reconnecting': {
      const lasted = now - connection.since;
      if (lasted < BLINK_MS) return null;
      const stalled = connection.kind === 'reconnecting' ? STALLS[connection.refused ?? ''] : undefined;
      if (stalled !== undefined)
        return { tone: 'warning', ...stalledWords(stalled, editing, kept), action: null };
      if (connection.kind === 'reconnecting' && connection.refused === 'rate.address')
        return {
          tone: 'warning',
          title: CROWDED,
          detail: `${editing ? `You can keep typing. ${kept} ` : ''}This page tries again by itself.`,
          action: null,
        };
      const title =
        connection.kind === 'offline'
          ? `Offline for ${forHowLong(lasted)}.`
          : `Connection lost ${forHowLong(lasted)} ago. Reconnecting…`;
      return {
        tone: 'warning',
        title,
        detail: editing
          ? `You can keep typing. ${kept}`
          : 'You see the room as it was. It is brought up to date when the server is back.',
        action: null,
      };
    }
    case 'joining':
      if (!view.ready || save.kind !== 'local') return null;
      return {
        tone: 'info',
        title: 'Connecting.',
        detail: `You see the copy on this device. ${kept}`,
        action: null,
      };
    case 'online':
      if (storage === 'ok') return null;
      return { tone: 'warning', ...stalledWords(storage, editing, kept), action: null };
    case 'closed':
      return null;
  }
}

function stalledWords(storage: 'stalled' | 'full', editing: boolean, kept: string) {
  const safe = editing ? `You can keep typing. ${kept}` : 'Nothing new can be saved just now.';
  return storage === 'stalled'
    ? { title: 'The server cannot reach its database.', detail: safe }
    : {
        title: 'The server’s disk is full.',
        detail: `${safe} Saving goes on by itself when whoever runs the server has made space.`,
      };
}

function keptWords(save: LiveView['save'], unsaved: number): string {
  if (save.kind === 'saved') return 'Everything you typed before is saved.';
  const changes =
    unsaved === 0
      ? 'Your last changes are'
      : unsaved === 1
        ? 'Your last change is'
        : `Your last ${unsaved.toLocaleString('en')} changes are`;
  const them = unsaved === 1 ? 'it' : 'they';
  return !save.kept
    ? `${changes} only in this tab: keep it open, and ${them} will be sent.`
    : `${changes} kept on this device and will be sent.`;
}

const CLOSED_TITLES: Readonly<Partial<Record<RefusalCode, string>>> = {
  'room.unknown': 'No such room',
  'room.link': 'You need a link to come in',
  'room.linkRevoked': 'This link was revoked',
  'room.locked': 'The room is closed to newcomers',
  'room.removed': 'You were removed from this room',
  'room.full': 'There is no place left',
  'client.replaced': 'This tab is open a second time',
  'protocol.outdated': 'This page is out of date',
  'room.unavailable': 'Out of reach for now',
  'room.newer': 'This room needs a newer server',
  'room.damaged': 'This room cannot be read',
  'storage.unavailable': 'Out of reach for now',
  'storage.full': 'Out of reach for now',
};

/** What stands over the refusal's own sentence where a room cannot be shown. */
export function closedTitle(code: RefusalCode): string {
  return CLOSED_TITLES[code] ?? 'The room cannot be opened';
}
