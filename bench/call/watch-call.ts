/** The page's own clock for a call: when a button was pressed, and when pictures of others were shown. */

export type Watched = {
  readonly watched: {
    /** The last press of a button, in Unix milliseconds. */
    pressedAt(): number;
    /** Of each picture of another person since `clear`, when it was shown, in Unix milliseconds. */
    readonly frames: readonly number[];
    /** Resolves when there is the first of these. */
    first(): Promise<number>;
    clear(): void;
  };
};

/** Runs in the page before its own code, and after `watchPeers`, which keeps the page's connections. */
export function watchCall(): void {
  let pressedAt = 0;
  let frames: number[] = [];
  let waiting: ((at: number) => void)[] = [];
  const unix = (at: number) => performance.timeOrigin + at;
  addEventListener(
    'click',
    ({ timeStamp }) => {
      pressedAt = unix(timeStamp);
    },
    true,
  );
  const isOfAnother = (track: MediaStreamTrack | undefined) =>
    (globalThis.peerConnections ?? []).some((connection) =>
      connection.getReceivers().some((receiver) => receiver.track === track),
    );
  // Each video that is given something to show begins with this.
  addEventListener(
    'loadstart',
    ({ target }) => {
      if (!(target instanceof HTMLVideoElement) || !(target.srcObject instanceof MediaStream)) return;
      const { srcObject } = target;
      if (!isOfAnother(srcObject.getVideoTracks()[0])) return;
      const note = () => {
        if (target.srcObject !== srcObject) return;
        const at = unix(performance.now());
        frames.push(at);
        for (const resolve of waiting.splice(0)) resolve(at);
        target.requestVideoFrameCallback(note);
      };
      target.requestVideoFrameCallback(note);
    },
    true,
  );
  const watched: Watched['watched'] = {
    pressedAt: () => pressedAt,
    get frames() {
      return frames;
    },
    first: () =>
      frames[0] === undefined
        ? new Promise((resolve) => {
            waiting.push(resolve);
          })
        : Promise.resolve(frames[0]),
    clear: () => {
      frames = [];
      waiting = [];
    },
  };
  Object.assign(globalThis, { watched });
}
