import { randomBytes } from 'node:crypto';
import { HUES, Participant, ParticipantId, wellFormed } from '@codesync/protocol';
import { parseCookie, stringifySetCookie } from 'cookie';
import { jwtVerify, SignJWT } from 'jose';

const COOKIE = 'codesync_me';
/** The longest that browsers keep a cookie. */
const MAX_AGE_S = 400 * 24 * 3600;

/** Who someone is, as a signed cookie says it: participant id, name and hue, with no account behind it. */
export type Identities = {
  /** The participant of a request's Cookie header; null when there is none that we signed. */
  read(cookieHeader: string | undefined): Promise<Participant | null>;
  /** The value of a Set-Cookie header for `participant`. `secure`: the request came by https. */
  write(participant: Participant, secure: boolean): Promise<string>;
};

/** @param path of the host below which cookies are for this server. */
export function createIdentities(key: Uint8Array, path = '/'): Identities {
  return {
    async read(cookieHeader) {
      const token = cookieHeader === undefined ? undefined : parseCookie(cookieHeader)[COOKIE];
      if (token === undefined) return null;
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: 'codesync' });
        const { sub: id, name, hue } = payload;
        // A name with half of a character stays its owner's if it was signed before such names were refused.
        const parsed = Participant.safeParse({ id, name: wellFormed(name), hue });
        return parsed.success ? parsed.data : null;
      } catch {
        // It is forged, damaged or of an earlier secret. To us it is nobody.
        return null;
      }
    },

    async write({ id, name, hue }, secure) {
      const token = await new SignJWT({ name, hue })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(id)
        .setAudience('codesync')
        .setIssuedAt()
        .sign(key);
      return stringifySetCookie({
        name: COOKIE,
        value: token,
        httpOnly: true,
        sameSite: 'lax',
        secure,
        path,
        maxAge: MAX_AGE_S,
      });
    },
  };
}

/** A new participant, with a colour by chance unless one is wished for. */
export function newParticipant(name: string, hue: number | undefined): Participant {
  const random = randomBytes(17);
  const id = ParticipantId.parse(random.subarray(1).toString('base64url'));
  return { id, name, hue: hue ?? random[0]! % HUES };
}
