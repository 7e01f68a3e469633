import { bytesInWords } from '../../blobs/size-words.ts';
import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';
import { stopUpload, useUpload } from './uploads.ts';

/** How many of the problems are listed. */
const LISTED = 5;

/** How far an upload is, and what of it was not taken. */
export function UploadNote() {
  const desk = useDesk();
  const online = useOnline();
  const upload = useUpload();
  if (upload === null) return null;
  const { done, total, sent, bytes, going, left } = upload;
  const words = online
    ? `Uploading ${done} of ${total}…`
    : 'The connection is lost. The upload goes on when it is back.';
  return (
    <section aria-label="Upload" className="shrink-0 border-line border-t px-3 py-2 text-xs">
      <div className="flex items-center gap-2">
        <p role="status" className="min-w-0 flex-1 text-ink-2">
          {going ? words : `${done - left.length} of ${total} uploaded.`}
        </p>
        <Button variant="ghost" onClick={() => stopUpload(desk)}>
          {going ? 'Stop' : 'Close'}
        </Button>
      </div>
      {going && (
        <>
          <progress
            {...(bytes === 0 ? { value: done, max: total } : { value: sent, max: bytes })}
            aria-label="Upload"
            className="mt-1 h-1 w-full"
          />
          {bytes > 0 && (
            <p className="text-ink-3 tabular-nums">
              {bytesInWords(sent)} of {bytesInWords(bytes)}
            </p>
          )}
        </>
      )}
      {left.length > 0 && (
        <ul className="mt-1 max-h-32 overflow-y-auto text-danger">
          {left.slice(0, LISTED).map((problem) => (
            <li key={problem} className="break-words">
              {problem}
            </li>
          ))}
          {left.length > LISTED && <li>{`And ${left.length - LISTED} more.`}</li>}
        </ul>
      )}
    </section>
  );
}
