/** The call in a room's page: joining it, what is on, and what comes from the others. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Person } from '../harness/person.ts';

type Traffic = {
  /** Pictures that were decoded, and the energy of all voices, of all connections. */
  readonly frames: number;
  readonly energy: number;
  /** Whether the ways in use go through a relay. */
  readonly relayed: readonly boolean[];
};

declare global {
  var peerConnections: RTCPeerConnection[] | undefined;
  /** How often an own offer was taken back, since one came meanwhile. */
  var offersTakenBack: number | undefined;
  /** By which servers a way was looked for anew, each time. */
  var restartedBy: RTCIceServer[][] | undefined;
}

/** Every peer connection that the person's pages make for a call can be looked at; to be called before the page is loaded. */
export async function watchPeers({ context }: Person, configuration: RTCConfiguration = {}): Promise<void> {
  await context.addInitScript((forced) => {
    const made: RTCPeerConnection[] = [];
    globalThis.peerConnections = made;
    globalThis.offersTakenBack = 0;
    globalThis.restartedBy = [];
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, ...forced });
      }

      // Those of the check before a call have other channels.
      override createDataChannel(label: string, init?: RTCDataChannelInit) {
        if (label === 'presence') made.push(this);
        return super.createDataChannel(label, init);
      }

      override setConfiguration(configuration?: RTCConfiguration) {
        super.setConfiguration({ ...configuration, ...forced });
      }

      override setRemoteDescription(description: RTCSessionDescriptionInit) {
        if (description.type === 'offer' && this.signalingState === 'have-local-offer') {
          globalThis.offersTakenBack! += 1;
        }
        return super.setRemoteDescription(description);
      }

      override restartIce() {
        globalThis.restartedBy!.push(this.getConfiguration().iceServers ?? []);
        super.restartIce();
      }
    };
  }, configuration);
}

export class CallPane {
  readonly page: Page;
  readonly region: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Call' });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Join the call' });
  }

  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name });
  }

  async openDialog(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Start a call|Join the call: \d+ in it)$/ }).click();
    await this.dialog.waitFor();
  }

  async join({ camera = false } = {}): Promise<void> {
    await this.openDialog();
    if (camera) {
      await this.dialog.getByRole('button', { name: 'Camera on' }).click();
      await this.dialog.getByRole('button', { name: 'Camera off' }).waitFor();
    }
    await this.dialog.getByRole('button', { name: /^Join/ }).click();
    await this.region.waitFor();
  }

  tile(name: string | RegExp): Locator {
    return this.region.getByRole('listitem', { name });
  }

  /** Resolves when there is a way to so many others. */
  async connected(others: number): Promise<void> {
    await expect.poll(() => this.region.locator('[data-way="connected"]').count()).toBe(others);
  }

  traffic(): Promise<Traffic> {
    return this.page.evaluate(async () => {
      let frames = 0;
      let energy = 0;
      const relayed: boolean[] = [];
      for (const connection of globalThis.peerConnections ?? []) {
        if (connection.connectionState !== 'connected') continue;
        const stats = await connection.getStats();
        stats.forEach((report) => {
          if (report.type === 'inbound-rtp') {
            frames += report.framesDecoded ?? 0;
            energy += report.totalAudioEnergy ?? 0;
          }
          if (report.type === 'transport') {
            const pair = stats.get(report.selectedCandidatePairId);
            if (pair !== undefined) {
              relayed.push(stats.get(pair.localCandidateId)?.candidateType === 'relay');
            }
          }
        });
      }
      return { frames, energy, relayed };
    });
  }

  /** Resolves when the voices of so many others have come, each by a way of its own. */
  async hears(others: number): Promise<void> {
    const heard = () =>
      this.page.evaluate(async () => {
        const stats = await Promise.all(
          globalThis.peerConnections!.map((connection) => connection.getStats()),
        );
        const voices = (report: RTCStatsReport) =>
          [...report.values()].some((one) => one.type === 'inbound-rtp' && one.totalAudioEnergy > 0);
        return stats.filter(voices).length;
      });
    await expect.poll(heard).toBe(others);
  }

  /** Resolves when more of each has come than at the call. */
  async flows(kinds: readonly ('frames' | 'energy')[] = ['frames', 'energy']): Promise<void> {
    const before = await this.traffic();
    await expect
      .poll(async () => {
        const now = await this.traffic();
        return kinds.filter((kind) => now[kind] > before[kind]);
      })
      .toEqual(kinds);
  }
}
