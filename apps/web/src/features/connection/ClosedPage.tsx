import type { Refusal } from '@codesync/protocol';
import { Link } from 'wouter';
import type { Notice, SaveState } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { MessagePage } from '../../ui/MessagePage.tsx';
import { UnsentNotice } from './UnsentNotice.tsx';
import { closedTitle } from './words.ts';

/** Refusals that may be over by the next try. */
const MAY_PASS: readonly Refusal['code'][] = [
  'client.replaced',
  'room.locked',
  'room.full',
  'room.unavailable',
  'room.newer',
  'room.damaged',
  'storage.unavailable',
  'storage.full',
  'rate.address',
  'rate.exceeded',
  'protocol.outdated',
  'protocol.malformed',
];

type ClosedPageProps = {
  error: Refusal;
  save: SaveState;
  /** What did not reach the room. */
  unsent?: readonly Notice[];
  /** Asks who this is, where the server does not know that any more. */
  onIdentify?: () => void;
};

/** The end of a connection that will not come back by itself: why, what is safe, what can be done. */
export function ClosedPage({ error, save, unsent = [], onIdentify }: ClosedPageProps) {
  return (
    <MessagePage
      title={closedTitle(error.code)}
      actions={
        <>
          {error.code === 'identity.required' && onIdentify !== undefined && (
            <Button variant="primary" onClick={onIdentify}>
              Tell your name again
            </Button>
          )}
          {MAY_PASS.includes(error.code) && (
            <Button variant="primary" onClick={() => location.reload()}>
              Try again
            </Button>
          )}
          <Link href="/" className="font-medium text-accent hover:underline">
            Go to the start page
          </Link>
        </>
      }
    >
      <p>{error.message}</p>
      {save.kind !== 'saved' && (
        <p className="mt-2">
          {!save.kept
            ? 'Your last edits did not reach the room.'
            : 'Your last edits did not reach the room. They are kept in this browser.'}
        </p>
      )}
      {unsent.map((notice) => (
        <div key={notice.id} className="mt-3 overflow-hidden rounded-md">
          <UnsentNotice notice={notice} />
        </div>
      ))}
    </MessagePage>
  );
}
