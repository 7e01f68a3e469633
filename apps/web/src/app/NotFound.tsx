import { Link } from 'wouter';
import { MessagePage } from '../ui/MessagePage.tsx';

export function NotFound() {
  return (
    <MessagePage
      title="There is nothing at this address"
      actions={
        <Link href="/" className="font-medium text-accent hover:underline">
          Go to the start page
        </Link>
      }
    >
      Rooms live at addresses like <code className="font-mono">/r/…</code>. If someone sent you this one, part
      of it may have been cut off: ask them for the link again.
    </MessagePage>
  );
}
