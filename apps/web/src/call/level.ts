// How loud a track is, measured in this page. What is measured is a clone that is never sent.

/** How often it is looked. */
const EVERY_MS = 100;

/** @param heard is told the level, 0 to 1, about ten times a second. Returns the way to stop it. */
export function watchLevel(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const clone = track.clone();
  clone.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  context.createMediaStreamSource(new MediaStream([clone])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(loudness(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    clone.stop();
    void context.close();
  };
}

/** The root of the mean square: 0 for silence, 1 for the loudest there can be. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
