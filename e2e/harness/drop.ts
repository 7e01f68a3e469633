import type { Locator } from 'playwright-core';

/** Drops files of this computer somewhere, as a browser tells of it. */
export async function drop(target: Locator, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const dropped = Object.entries(files).map(([name, body]) => ({ name, body: body.toString('base64') }));
  await target.evaluate((on, some) => {
    const dataTransfer = new DataTransfer();
    for (const { name, body } of some) {
      const bytes = Uint8Array.from(atob(body), (unit) => unit.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const kind of ['dragenter', 'dragover', 'drop'])
      on.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }, dropped);
}
