import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { RequestHandler } from 'express';

type Body = { readonly bytes: Buffer; readonly etag: string };
type File = { readonly plain: Body; readonly br: Body | null; readonly gzip: Body | null };

const PACKED = { br: '.br', gzip: '.gz' } as const;

/**
 * The files of a folder as they were at this call, in memory, with the compressed forms that lie beside them. A server
 * goes on serving the page that it started with while a new one is built in the folder.
 *
 * @param isImmutable whether the content at a path never changes.
 */
export function staticFiles(folder: string, isImmutable: (path: string) => boolean): RequestHandler {
  const files = read(folder);
  return (request, response, next) => {
    const file = request.method === 'GET' || request.method === 'HEAD' ? files.get(request.path) : undefined;
    if (file === undefined) return next();
    const encoding = (['br', 'gzip'] as const).find(
      (name) => file[name] !== null && request.acceptsEncodings(name) !== false,
    );
    const body = (encoding && file[encoding]) ?? file.plain;
    response.type(extname(request.path)).vary('Accept-Encoding').set('ETag', body.etag);
    response.set(
      'Cache-Control',
      isImmutable(request.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    if (encoding) response.set('Content-Encoding', encoding);
    response.send(body.bytes);
  };
}

function read(folder: string): ReadonlyMap<string, File> {
  const files = new Map<string, File>();
  if (!existsSync(folder)) return files;
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    if (!name.isFile() || Object.values(PACKED).includes(extname(path) as '.br')) continue;
    const packed = (ending: string) => (existsSync(path + ending) ? body(path + ending) : null);
    const file: File = { plain: body(path), br: packed(PACKED.br), gzip: packed(PACKED.gzip) };
    files.set(path.slice(folder.length).split(sep).join('/'), file);
  }
  return files;
}

function body(path: string): Body {
  const bytes = readFileSync(path);
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}
