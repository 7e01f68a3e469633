// How much each picture may take, by how many people are in the call: everyone sends to everyone else. Pure.

/** `height`: lines of the picture at most. */
type PictureLimits = {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
  readonly height: number;
};

export type SendLimits = { readonly camera: PictureLimits; readonly screen: PictureLimits };

const limits = (
  [cameraKbit, cameraFrames, cameraHeight]: readonly [number, number, number],
  [screenKbit, screenFrames, screenHeight]: readonly [number, number, number],
): SendLimits => ({
  camera: { bitsPerSecond: cameraKbit * 1_000, framesPerSecond: cameraFrames, height: cameraHeight },
  screen: { bitsPerSecond: screenKbit * 1_000, framesPerSecond: screenFrames, height: screenHeight },
});

/** By the number of people, from two on. Text has to stay readable, so a screen keeps its lines and gives up frames. */
const BY_PEOPLE: readonly SendLimits[] = [
  limits([1_500, 30, 720], [2_500, 15, 1_440]),
  limits([900, 30, 540], [1_800, 12, 1_440]),
  limits([600, 24, 480], [1_200, 10, 1_080]),
  limits([400, 24, 360], [900, 8, 1_080]),
  limits([250, 20, 360], [700, 6, 1_080]),
];

/** More people than may show their camera at once. */
const CROWD = limits([120, 15, 270], [400, 5, 1_080]);

/** @param people in the call, with oneself */
export function sendLimits(people: number): SendLimits {
  return BY_PEOPLE[Math.max(0, people - 2)] ?? CROWD;
}
