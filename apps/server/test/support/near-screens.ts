// Screens in this thread.
import type { Screens } from '../../src/ports.ts';
import { Screen } from '../../src/terminals/screen.ts';

export const NEAR_SCREENS: Screens = {
  open(size, { drawn, answer }) {
    const screen = new Screen(size, answer);
    let open = true;
    return {
      write: (bytes) => void screen.write(bytes).then(drawn),
      resize: (to) => screen.resize(to),
      snapshot: async (lines) => (open ? screen.snapshot(lines) : null),
      close: () => {
        open = false;
        screen.close();
      },
    };
  },
};
