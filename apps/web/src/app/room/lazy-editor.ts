// The editor, which is most of a room's first load.
import { lazily } from '../../ui/lazily.tsx';

export const Editor = lazily(async () => (await import('../../editor/Editor.tsx')).default);
