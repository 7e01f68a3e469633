// How often one network address may ask for something.
import type { Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientAddress } from '../client-address.ts';
import { refuse } from './replies.ts';

export class AddressLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #proxies: number;

  /** @param proxies how many of our own stand between the client and us. */
  constructor(perMinute: number, proxies: number) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
    this.#proxies = proxies;
  }

  /** False when that was too often. The request has been refused then. */
  async within(request: Request, response: Response): Promise<boolean> {
    try {
      await this.#limiter.consume(clientAddress(request, this.#proxies));
      return true;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      response.setHeader('Retry-After', Math.ceil(error.msBeforeNext / 1000));
      refuse(response, 'rate.address');
      return false;
    }
  }
}
