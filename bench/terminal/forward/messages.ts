/** What a page tells the forwarding server: keys with this before them, and whether it can draw more (see page.html). */
export const KEYS = '0';
export const PAUSE = '2';
