import type { Answer } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import type { LiveView } from '../../room-source/types.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { ConnectionWord } from './ConnectionWord.tsx';
import { SaveLight } from './SaveLight.tsx';
import { UnsentNotes } from './UnsentNotes.tsx';
import { saveWords } from './words.ts';

/** How safe what was typed is; it is told until all is saved. */
function savedAnswer(view: LiveView): Answer {
  const { label, detail, tone } = saveWords(view);
  return {
    tone: tone === 'neutral' ? 'info' : tone,
    text: `${label.replace('…', '')}. ${detail}`,
    stays: view.save.kind !== 'saved',
  };
}

/** The way to the server, and how safe what was typed is. */
export const connection: Feature = {
  header: [{ place: 'state', order: 10, Content: SaveLight }],
  status: [{ place: 'end', order: 30, Content: ConnectionWord }],
  notes: [
    { place: 'foot', order: 40, Content: UnsentNotes },
    { place: 'foot', order: 50, Content: ConnectionBanner },
  ],
  commands: (desk) => [
    {
      id: 'room.saved',
      title: 'Is all saved?',
      section: 'Room',
      order: 10,
      keys: ['mod+s'],
      enabled: true,
      run: () => {
        desk.say(savedAnswer);
        desk.save();
      },
    },
  ],
};
