import type { Invitation } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { type ApiResult, api } from '../api.ts';
import { ClosedPage } from '../features/connection/ClosedPage.tsx';
import type { Person } from '../features/identity/identity.ts';
import { NameForm } from '../features/identity/NameForm.tsx';
import { invitationWords } from '../features/rooms/invitation.ts';
import { secretIn } from '../link.ts';
import { MessagePage } from '../ui/MessagePage.tsx';
import { Spinner } from '../ui/Spinner.tsx';

type JoinPageProps = { room: string; suggestion: Person | null };

/** Says who invites to which room, and in which role. Asks for a name. */
export function JoinPage({ room, suggestion }: JoinPageProps) {
  const [secret] = useState(() => secretIn(location.hash));
  const [answer, setAnswer] = useState<ApiResult<Invitation> | null>(null);

  useEffect(() => {
    let current = true;
    if (secret === null) return;
    void api.invitation(room, secret).then((reply) => {
      if (current) setAnswer(reply);
    });
    return () => {
      current = false;
    };
  }, [room, secret]);

  if (secret !== null && answer === null) {
    return (
      <main className="flex h-full items-center justify-center bg-surface-1 p-5">
        <p role="status" className="flex animate-fade items-center gap-2.5 text-ink-2">
          <Spinner /> Looking at the link…
        </p>
      </main>
    );
  }
  // No name would help here, so the page says what is wrong with the link before it asks for one.
  if (answer?.ok === false && answer.error.code !== 'network')
    return <ClosedPage error={{ ...answer.error, code: answer.error.code }} save={{ kind: 'saved' }} />;
  const { title, detail } = invitationWords(answer?.ok ? answer.value : null);
  return (
    <MessagePage title={title}>
      <p className="mb-4">{detail}</p>
      <NameForm autoFocus suggestion={suggestion} submit="Join" onDone={() => undefined} />
    </MessagePage>
  );
}
