// A server below a path of its host, behind a proxy that hands that path on or takes it off.
import type { Server as HttpServer, IncomingMessage } from 'node:http';

/** `url` without `base` in front. A proxy may have taken it off already: then `url` itself. */
export function withoutBase(url: string, base: string): string {
  if (!url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/** From now on, whatever listens to `http` sees addresses as if the server were at the root of its host. */
export function takeOffBase(http: HttpServer, base: string): void {
  if (base === '') return;
  const take = (request: IncomingMessage): void => {
    request.url = withoutBase(request.url ?? '/', base);
  };
  http.prependListener('request', take);
  http.prependListener('upgrade', take);
}
