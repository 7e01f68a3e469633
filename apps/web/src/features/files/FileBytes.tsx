import { type BlobRef, LIMITS } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { Download, FileDigit, RotateCw } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Seen } from '../../blobs/blobs.ts';
import { bytesInWords } from '../../blobs/size-words.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';
import { useLong } from '../../ui/hooks.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { download } from './downloads.ts';
import { Picture } from './Picture.tsx';

const ICON = { size: 14, strokeWidth: 1.5 } as const;

/** A file that is no text, in the place of its code: a picture is shown, of anything else it is said what it is. */
export function FileBytes({ file }: { file: FileEntry }) {
  return file.blob === null ? null : <Bytes file={file} blob={file.blob} />;
}

function Bytes({ file, blob }: { file: FileEntry; blob: BlobRef }) {
  const desk = useDesk();
  const pane = useRef<HTMLElement>(null);
  const { seen, came, again } = useSeen(blob);
  const isLong = useLong(seen === null);
  useEffect(() => desk.editor.standIn(() => pane.current?.focus()), [desk]);

  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const size = bytesInWords(blob.bytes);
  const save = (
    <Button
      icon={<Download {...ICON} aria-hidden="true" />}
      onClick={() => void download(desk, [{ kind: 'file', file: file.id, path: file.path }])}
    >
      Download
    </Button>
  );
  return (
    <section
      ref={pane}
      tabIndex={-1}
      aria-label={`${seen?.kind === 'picture' ? 'Picture' : 'File'} ${file.path}`}
      className="flex h-full flex-col outline-none focus-visible:outline-2 focus-visible:-outline-offset-2"
    >
      {seen === null && isLong && (
        <Said title={name}>
          <p role="status" className="flex items-center gap-2.5 text-ink-3">
            <Spinner /> Fetching it from the server
          </p>
          <p className="text-ink-3 text-xs tabular-nums">
            {bytesInWords(came)} of {size}
          </p>
        </Said>
      )}
      {seen?.kind === 'failed' && (
        <Said title={name}>
          <p role="alert" className="max-w-96 text-danger">
            {seen.message}
          </p>
          <Button icon={<RotateCw {...ICON} aria-hidden="true" />} onClick={again}>
            Try again
          </Button>
        </Said>
      )}
      {seen?.kind === 'other' && (
        <Said title={name}>
          <p className="max-w-96 text-ink-3">{`${size}, ${whyNotEdited(blob.bytes)}`}</p>
          {save}
        </Said>
      )}
      {seen?.kind === 'picture' && (
        <Picture blob={seen.blob} name={name} size={size}>
          {save}
        </Picture>
      )}
    </section>
  );
}

/** Why a file cannot be edited. A text that is too long for it is kept as what is none. */
function whyNotEdited(bytes: number): string {
  const longest = LIMITS.fileUnits.toLocaleString('en');
  return bytes > LIMITS.fileUnits
    ? `no text, or longer than the ${longest} characters that can be edited`
    : 'no text';
}

/** What there is to say of a file, in the middle of its pane. */
function Said({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 animate-fade flex-col items-center justify-center gap-3 p-4 text-center">
      <FileDigit aria-hidden="true" size={32} strokeWidth={1} className="text-ink-3" />
      <p className="-mb-2 max-w-full truncate font-medium text-ink-1">{title}</p>
      {children}
    </div>
  );
}

/** What is in a file, once it has come; until then, how many bytes of it have. What was there before stays meanwhile. */
function useSeen(blob: BlobRef) {
  const { blobs } = useDesk();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [came, setCame] = useState(0);
  const [tries, setTries] = useState(0);
  const { hash, bytes } = blob;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is a reason to fetch
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const look = async () => {
      try {
        setSeen(await blobs.look({ hash, bytes }, { signal, came: setCame }));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    };
    void look();
    return () => stop.abort();
  }, [blobs, hash, bytes, tries]);
  const again = () => {
    setSeen(null);
    setCame(0);
    setTries(tries + 1);
  };
  return { seen, came, again };
}
