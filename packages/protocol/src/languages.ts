import { z } from 'zod';

export const Language = z.enum(['python', 'javascript', 'go', 'rust']);
export type Language = z.infer<typeof Language>;

export type LanguageInfo = {
  readonly label: string;
  /** File name endings, with the dot, that this language runs. */
  readonly extensions: readonly string[];
  /** The first file of a new room in this language. */
  readonly entry: string;
  readonly starter: string;
};

export const LANGUAGES: Readonly<Record<Language, LanguageInfo>> = {
  python: {
    label: 'Python',
    extensions: ['.py'],
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

/** The language that runs a file, by its name's ending; null when none does. */
export function languageOf(path: string): Language | null {
  for (const language of Language.options) {
    if (LANGUAGES[language].extensions.some((ending) => path.endsWith(ending))) return language;
  }
  return null;
}
