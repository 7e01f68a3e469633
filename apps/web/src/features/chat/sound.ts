// Two soft tones for a message that was not seen.

const TONES_HZ = [660, 880];
const TONE_S = 0.09;
const LOUDNESS = 0.05;

let context: AudioContext | null = null;

/** Plays them, where the browser lets a page sound: it may want a key or a click first. */
export function playChime(): void {
  try {
    context ??= new AudioContext();
    if (context.state !== 'running') {
      void context.resume().catch(() => undefined);
      return;
    }
    for (const [i, hz] of TONES_HZ.entries()) tone(context, hz, context.currentTime + i * TONE_S);
  } catch {
    // No sound device.
  }
}

function tone(audio: AudioContext, hz: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S * 2);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + TONE_S * 2);
}
