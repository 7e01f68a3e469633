/** The labels that every container and image of ours carries, by which they are found again. */
export const LABEL = {
  /** Which installation made the container. */
  instance: 'codesync.instance',
  /** Which runner process made it; the containers of a dead one are rubbish. */
  runner: 'codesync.runner',
  language: 'codesync.language',
  /** On images: made by us, so ours to prune. */
  image: 'codesync.image',
} as const;
