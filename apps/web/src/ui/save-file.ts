/** How long the browser has to begin with a download before its data is let go. */
const HELD_MS = 60_000;

/** Has the browser save a file on this computer. */
export function saveFile(name: string, data: Blob): void {
  const url = URL.createObjectURL(data);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), HELD_MS);
}
