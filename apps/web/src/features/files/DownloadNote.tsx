import { bytesInWords } from '../../blobs/size-words.ts';
import { Button } from '../../ui/Button.tsx';
import { useLong } from '../../ui/hooks.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useDownload } from './downloads.ts';

/** How far a download is that has to come from the server first. One that comes soon is not told. */
export function DownloadNote() {
  const download = useDownload();
  const isLong = useLong(download !== null);
  if (download === null || !isLong) return null;
  const { name, came, bytes, stop } = download;
  return (
    <Notice
      tone="info"
      spoken={`Downloading ${name}`}
      className="animate-rise border-line border-t"
      actions={
        <Button variant="ghost" onClick={stop}>
          Stop
        </Button>
      }
    >
      <span className="tabular-nums">
        {`Downloading ${name}: ${bytesInWords(came)} of ${bytesInWords(bytes)}`}
      </span>
    </Notice>
  );
}
