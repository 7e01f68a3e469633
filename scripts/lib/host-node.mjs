/**
 * Imported first by every script: refuses a Node that is too old, in one sentence. It and the other files in this
 * folder are parsed by that old Node too, so their syntax stays within ES2020.
 */
const LEAST = { major: 20, minor: 19 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < LEAST.major || (major === LEAST.major && minor < LEAST.minor)) {
  console.error(
    `CodeSync needs Node ${LEAST.major}.${LEAST.minor} or newer to set itself up; this is ${process.versions.node}. Install a current Node and try again.`,
  );
  process.exit(1);
}
