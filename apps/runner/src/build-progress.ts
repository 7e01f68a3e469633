/**
 * How far a build is, read from the engine's own output. Nearly all the time goes into the one step that installs
 * the languages, so that step is followed from inside: apt's lines for each package, then a line for each
 * package of Go's standard library. Pure: lines in, progress out.
 */

export type Progress = { readonly step: string; readonly percent: number; readonly detail: string };

/** The engine paints what a step writes to its standard error. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
/** What apt says of each package: fetched, unpacked, set up. */
const APT_LINE = /^(?:Get:\d+|Unpacking|Setting up) /;
const APT_GET = /^Get:\d+ \S+ \S+ \S+ (\S+) .*$/;
const LINES_PER_PACKAGE = 3;
/** What `go install -v std` says of each package: its import path. */
const GO_LINE = /^[a-z0-9]+(?:\/[a-z0-9._-]+)*$/;
const GO_PACKAGES = 320;

/** Where on the scale of 100 each part begins. */
const APT_FROM = 2;
const GO_FROM = 55;
const REST_FROM = 92;
const END = 99;

export class BuildProgress {
  #packages = 0;
  #aptLines = 0;
  #goLines = 0;
  #now: Progress = { step: 'Base system', percent: 0, detail: '' };

  /** Takes one line of build output; the progress after it, or null when it says nothing new. */
  line(raw: string): Progress | null {
    const line = raw.replace(COLOUR, '');
    const step = /^Step (\d+)\/(\d+) : /.exec(line);
    if (step !== null) {
      const done = this.#packages > 0 ? REST_FROM : 0;
      const share = this.#packages > 0 ? (END - REST_FROM) * (Number(step[1]) / Number(step[2])) : 0;
      return this.#at(this.#packages > 0 ? 'Agent' : 'Base system', done + share, '');
    }
    const count = /^\d+ upgraded, (\d+) newly installed/.exec(line);
    if (count !== null) {
      this.#packages = Number(count[1]);
      return this.#at('Languages', APT_FROM, '');
    }
    if (this.#packages === 0) return null;
    if (APT_LINE.test(line)) {
      this.#aptLines += 1;
      const share = Math.min(1, this.#aptLines / (this.#packages * LINES_PER_PACKAGE));
      return this.#at(
        'Languages',
        APT_FROM + (GO_FROM - APT_FROM) * share,
        line.replace(APT_GET, 'Fetching $1').replace(/\s*\(.*$/, ''),
      );
    }
    if (GO_LINE.test(line)) {
      this.#goLines += 1;
      const share = Math.min(1, this.#goLines / GO_PACKAGES);
      return this.#at('Go standard library', GO_FROM + (REST_FROM - GO_FROM) * share, line);
    }
    return null;
  }

  #at(step: string, percent: number, detail: string): Progress {
    // Output of different programs may come out of order; a bar never goes back.
    this.#now = { step, percent: Math.max(this.#now.percent, Math.round(percent)), detail };
    return this.#now;
  }
}
