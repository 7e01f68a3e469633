// What browsers count of a connection, as `quality.ts` takes it.
import type { Sample } from './quality.ts';

/** The fields that are read of the reports; which of them there are depends on the kind of report and the browser. */
type Report = {
  readonly id: string;
  readonly type: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly bytesReceived?: number;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly currentRoundTripTime?: number;
  readonly candidateType?: string;
  readonly qualityLimitationReason?: string;
  readonly active?: boolean;
  readonly audioLevel?: number;
};

export function sampleOf(reports: Iterable<Report>, at: number): Sample {
  const byId = new Map([...reports].map((report) => [report.id, report]));
  const all = [...byId.values()];
  const inbound = all.filter(({ type }) => type === 'inbound-rtp');
  const transport = all.find(({ type }) => type === 'transport');
  const pair = byId.get(transport?.selectedCandidatePairId ?? '');
  const ends = [byId.get(pair?.localCandidateId ?? ''), byId.get(pair?.remoteCandidateId ?? '')];
  const limits = all
    .filter(({ type, active }) => type === 'outbound-rtp' && active !== false)
    .map(({ qualityLimitationReason }) => qualityLimitationReason);
  const rtt = pair?.currentRoundTripTime;
  return {
    at,
    received: sum(inbound.map(({ packetsReceived }) => packetsReceived)),
    lost: sum(inbound.map(({ packetsLost }) => packetsLost)),
    bytes: transport?.bytesReceived ?? sum(inbound.map(({ bytesReceived }) => bytesReceived)),
    rttMs: rtt === undefined ? null : rtt * 1_000,
    relayed: ends.some((end) => end?.candidateType === 'relay'),
    limited: limits.includes('cpu') ? 'cpu' : limits.includes('bandwidth') ? 'bandwidth' : null,
  };
}

/** How loud the microphone is before it is encoded, 0 to 1; null where none is sent. */
export function levelOf(reports: Iterable<Report>): number | null {
  for (const { type, audioLevel } of reports) {
    if (type === 'media-source' && audioLevel !== undefined) return audioLevel;
  }
  return null;
}

export function reportsOf(stats: RTCStatsReport): Report[] {
  const reports: Report[] = [];
  stats.forEach((report: Report) => {
    reports.push(report);
  });
  return reports;
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}
