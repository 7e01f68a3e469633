import { MessageSquareText } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { commentHere, PANEL, step } from './acts.ts';
import { CommentsBackground } from './CommentsBackground.tsx';
import { CommentsButton, UnreadMark } from './CommentsButton.tsx';
import { CommentsPanel } from './CommentsPanel.tsx';
import { COMMENT_KEYS } from './keys.ts';

function commands(desk: Desk): readonly Command[] {
  const { room, you } = desk.view();
  const active = desk.active();
  const onText = active !== null && (room.files.get(active)?.blob ?? null) === null;
  const some = [...room.threads.values()].some(({ resolved }) => resolved === null);
  return [
    {
      id: 'comment.here',
      title: 'Comment on the selection',
      section: 'Files',
      order: 100,
      keys: [COMMENT_KEYS],
      enabled: you !== null && onText,
      run: () => commentHere(desk),
    },
    {
      id: 'comment.next',
      title: 'Next comment',
      section: 'Files',
      order: 102,
      keys: ['f9'],
      enabled: some,
      run: () => step(desk, 1),
    },
    {
      id: 'comment.previous',
      title: 'Previous comment',
      section: 'Files',
      order: 104,
      keys: ['shift+f9'],
      enabled: some,
      run: () => step(desk, -1),
    },
  ];
}

/** Comments on the code: threads about ranges of files. */
export const comments: Feature = {
  panels: [
    {
      id: PANEL,
      title: 'Comments',
      side: 'right',
      order: 37,
      closedAtFirst: true,
      Content: CommentsPanel,
      size: { start: 300, least: 280, most: '45%' },
      phone: { icon: MessageSquareText, order: 37, Mark: UnreadMark },
    },
  ],
  header: [{ place: 'end', order: 25, Content: CommentsButton }],
  commands,
  Background: CommentsBackground,
};
