/** Keys that begin a comment on what is selected. */
export const COMMENT_KEYS = 'mod+shift+m';
