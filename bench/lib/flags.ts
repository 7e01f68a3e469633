/** Command-line flags: `--name`, `--name value`, `--name=value`. */
import { parseArgs } from 'node:util';

/**
 * Reads flags; ends the process with one sentence for a flag that does not exist.
 * @param strings names of flags that take a value
 * @param switches names of flags that do not
 */
export function flags<Text extends string, Switch extends string>(
  strings: readonly Text[],
  switches: readonly Switch[],
): { readonly [Name in Text]?: string } & { readonly [Name in Switch]?: boolean } {
  const options = Object.fromEntries([
    ...strings.map((name) => [name, { type: 'string' as const }]),
    ...switches.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  try {
    return parseArgs({ options, strict: true }).values as ReturnType<typeof flags<Text, Switch>>;
  } catch (error) {
    const known = [...strings.map((name) => `--${name} …`), ...switches.map((name) => `--${name}`)].join(
      ', ',
    );
    console.error(`${error instanceof Error ? error.message : error}\nKnown flags: ${known}`);
    process.exit(1);
  }
}

/** The names that a flag lists, in their own order; all of them if it was not given. Ends the process for another one. */
export function pick<Name extends string>(
  given: string | undefined,
  names: readonly Name[],
  what: string,
): Name[] {
  if (given === undefined) return [...names];
  const wanted = given.split(',').map((part) => part.trim());
  for (const name of wanted) {
    if (!(names as readonly string[]).includes(name)) {
      console.error(`there is no ${what} “${name}”: ${names.join(', ')}`);
      process.exit(1);
    }
  }
  return names.filter((name) => wanted.includes(name));
}
