/** Keys of the call. */
export const CALL_KEYS = {
  call: 'alt+j',
  microphone: 'alt+a',
  camera: 'alt+v',
  screen: 'alt+s',
} as const;
