import { participantId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useIdentity } from '../../src/features/identity/identity.ts';

const ADA = { name: 'Ada', hue: 3 };
const ID = participantId('ada-ada-ada-ada-ada');

/** The server's answer to every request; null when it is out of reach. */
let answer: object | null = null;

describe('who this browser is', () => {
  beforeEach(() => {
    useIdentity.setState({ identity: { kind: 'loading', suggestion: null } });
    vi.stubGlobal('fetch', async () => {
      if (answer === null) throw new TypeError('no network');
      return Response.json(answer);
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const load = async () => {
    const { getState } = useIdentity;
    await getState().load();
    return getState().identity;
  };

  test('is known with an id when the server says so, and after a name was given', async () => {
    answer = { participant: { id: ID, ...ADA } };
    expect(await load()).toEqual({ kind: 'known', person: ADA, id: ID });
    useIdentity.setState({ identity: { kind: 'unknown', suggestion: null } });
    expect(await useIdentity.getState().save(ADA)).toBeNull();
    expect(useIdentity.getState().identity).toEqual({ kind: 'known', person: ADA, id: ID });
  });

  test('is known by name alone while the server is out of reach', async () => {
    useIdentity.setState({ identity: { kind: 'loading', suggestion: ADA } });
    answer = null;
    expect(await load()).toEqual({ kind: 'known', person: ADA, id: null });
  });

  test('is unknown when the server knows nobody, or was never reached', async () => {
    answer = { participant: null };
    expect(await load()).toEqual({ kind: 'unknown', suggestion: null });
    answer = null;
    expect(await load()).toEqual({ kind: 'unknown', suggestion: null });
  });

  test('does not stay without its cookie', async () => {
    answer = { participant: null };
    expect(await useIdentity.getState().save(ADA)).toMatchObject({ code: 'identity.required' });
  });
});
