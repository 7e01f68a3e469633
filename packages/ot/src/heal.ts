// Going on after a replica was found to hold another text than the server. Pure.
import { apply } from './apply.ts';
import { type AwaitingAckWithBuffer, type Client, pendingOp } from './client.ts';
import { type Op, OpBuilder } from './op.ts';
import { Pending } from './pending.ts';
import { splitsPair } from './surrogates.ts';

/** A client that stands on the server's text again, and what its view is to show. */
export interface Healed {
  readonly client: Client;
  readonly view: string;
}

/**
 * Puts what `client` has pending on `text`, the server's text at the client's version, whatever text it was
 * made for: an edit that would reach beyond the end, or into a surrogate pair, is cut to what fits. Take in
 * the backlog first (`catchUp`), so that the edit in flight is known to be in the text or not. Undo steps
 * made before do not fit the new view.
 */
export function heal(client: Client, text: string): Healed {
  if (client.state === 'synchronized') return { client, view: text };
  const inFlightOp = fit(client.inFlight.edit.toOp(), text);
  const inFlight = { ...client.inFlight, edit: Pending.of(inFlightOp) };
  if (client.state === 'awaiting-ack') {
    return { client: { ...client, inFlight }, view: apply(text, inFlightOp) };
  }
  const buffer = Pending.of(fit(client.buffer.toOp(), apply(text, inFlightOp)));
  const healed: AwaitingAckWithBuffer = { ...client, inFlight, buffer };
  return { client: healed, view: apply(text, pendingOp(healed)) };
}

/** `op` with every position that `text` lacks moved to the nearest one that it has, and no pair cut. */
function fit(op: Op, text: string): Op {
  const out = new OpBuilder();
  let wanted = 0;
  let at = 0;
  for (const part of op) {
    if (typeof part === 'string') {
      out.insert(part);
      continue;
    }
    wanted += Math.abs(part);
    let end = Math.max(at, Math.min(wanted, text.length));
    if (splitsPair(text, end)) end++;
    if (part > 0) out.retain(end - at);
    else out.remove(end - at);
    at = end;
  }
  return out.build();
}
