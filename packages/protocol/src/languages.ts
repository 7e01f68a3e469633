import { z } from 'zod';

export const Language = z.enum(['python', 'javascript', 'go', 'rust']);
export type Language = z.infer<typeof Language>;

/**
 * The languages that the editor knows, by the ids that it has for them. Those that run are among them.
 */
export const FileLanguage = z.enum([
  ...Language.options,
  'plaintext',
  'c',
  'cpp',
  'css',
  'dockerfile',
  'html',
  'ini',
  'java',
  'json',
  'markdown',
  'shell',
  'sql',
  'typescript',
  'xml',
  'yaml',
]);
export type FileLanguage = z.infer<typeof FileLanguage>;

/** What a file's language follows from. `language`: the one that somebody has chosen; null: its name says it. */
export type Named = { readonly path: string; readonly language: FileLanguage | null };

export type LanguageInfo = {
  readonly label: string;
  /** File name endings, with the dot, that this language runs. */
  readonly extensions: readonly string[];
  /** Its tools tell what a file is by the ending of its name. */
  readonly readsEnding: boolean;
  /** The first file of a new room in this language. */
  readonly entry: string;
  readonly starter: string;
};

export const LANGUAGES: Readonly<Record<Language, LanguageInfo>> = {
  python: {
    label: 'Python',
    extensions: ['.py'],
    readsEnding: false,
    entry: 'main.py',
    starter: `def greet(name: str) -> str:
    return f"Hello, {name}!"


if __name__ == "__main__":
    for name in ["world", "room"]:
        print(greet(name))
`,
  },
  javascript: {
    label: 'JavaScript',
    extensions: ['.js', '.mjs', '.cjs'],
    readsEnding: true,
    entry: 'main.js',
    starter: `function greet(name) {
  return \`Hello, \${name}!\`;
}

for (const name of ['world', 'room']) {
  console.log(greet(name));
}
`,
  },
  go: {
    label: 'Go',
    extensions: ['.go'],
    readsEnding: true,
    entry: 'main.go',
    starter: `package main

import "fmt"

func greet(name string) string {
	return fmt.Sprintf("Hello, %s!", name)
}

func main() {
	for _, name := range []string{"world", "room"} {
		fmt.Println(greet(name))
	}
}
`,
  },
  rust: {
    label: 'Rust',
    extensions: ['.rs'],
    readsEnding: false,
    entry: 'main.rs',
    starter: `fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

fn main() {
    for name in ["world", "room"] {
        println!("{}", greet(name));
    }
}
`,
  },
};

/** Whether a name ends as those of the language's files do. */
export function hasEndingOf(path: string, language: Language): boolean {
  return LANGUAGES[language].extensions.some((ending) => path.endsWith(ending));
}

/** The language that runs a file: the chosen one, else the one that its name's ending says. Null when none does. */
export function languageOf({ path, language }: Named): Language | null {
  if (language !== null) return Language.safeParse(language).data ?? null;
  return Language.options.find((each) => hasEndingOf(path, each)) ?? null;
}
