// The languages of files, as the editor colours them. It imports no Monaco: the status bar says them too. Pure.
import { FileLanguage, LANGUAGES, type Named } from '@codesync/protocol';

type Kind = {
  readonly label: string;
  /** Endings of files' names, with the dot. */
  readonly endings: readonly string[];
  /** Whole names of files. */
  readonly names?: readonly string[];
};

/** What names say of files. No ending and no name stands in two of them. */
const KINDS: Readonly<Record<FileLanguage, Kind>> = {
  python: {
    label: LANGUAGES.python.label,
    endings: [...LANGUAGES.python.extensions, '.rpy', '.pyw', '.cpy', '.gyp', '.gypi'],
  },
  javascript: {
    label: LANGUAGES.javascript.label,
    endings: [...LANGUAGES.javascript.extensions, '.es6', '.jsx'],
    names: ['Jakefile'],
  },
  go: { label: LANGUAGES.go.label, endings: LANGUAGES.go.extensions },
  rust: { label: LANGUAGES.rust.label, endings: [...LANGUAGES.rust.extensions, '.rlib'] },
  plaintext: { label: 'Plain text', endings: ['.txt'] },
  c: { label: 'C', endings: ['.c', '.h'] },
  cpp: { label: 'C++', endings: ['.cpp', '.cc', '.cxx', '.hpp', '.hh', '.hxx'] },
  css: { label: 'CSS', endings: ['.css'] },
  dockerfile: { label: 'Dockerfile', endings: ['.dockerfile'], names: ['Dockerfile'] },
  html: {
    label: 'HTML',
    endings: ['.html', '.htm', '.shtml', '.xhtml', '.mdoc', '.jsp', '.asp', '.aspx', '.jshtm'],
  },
  ini: {
    label: 'INI',
    endings: ['.ini', '.properties', '.gitconfig'],
    names: ['config', '.gitattributes', '.editorconfig'],
  },
  java: { label: 'Java', endings: ['.java', '.jav'] },
  json: { label: 'JSON', endings: ['.json', '.jsonc', '.webmanifest'] },
  markdown: {
    label: 'Markdown',
    endings: ['.md', '.markdown', '.mdown', '.mkdn', '.mkd', '.mdwn', '.mdtxt', '.mdtext'],
  },
  shell: { label: 'Shell', endings: ['.sh', '.bash'] },
  sql: { label: 'SQL', endings: ['.sql'] },
  typescript: { label: 'TypeScript', endings: ['.ts', '.tsx', '.cts', '.mts'] },
  xml: {
    label: 'XML',
    endings: [
      '.xml',
      '.xsd',
      '.dtd',
      '.ascx',
      '.csproj',
      '.config',
      '.props',
      '.targets',
      '.wxi',
      '.wxl',
      '.wxs',
      '.xaml',
      '.svg',
      '.svgz',
      '.opf',
      '.xslt',
      '.xsl',
    ],
  },
  yaml: { label: 'YAML', endings: ['.yaml', '.yml'] },
};

/** All languages, by what they are called. */
export const FILE_LANGUAGES: readonly FileLanguage[] = FileLanguage.options.toSorted((a, b) =>
  KINDS[a].label.localeCompare(KINDS[b].label, 'en'),
);

/** What a language is called. */
export function labelOf(language: FileLanguage): string {
  return KINDS[language].label;
}

/** The language of a file: the chosen one, else what its name says. */
export function fileLanguageOf({ path, language }: Named): FileLanguage {
  if (language !== null) return language;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const says = ({ endings, names = [] }: Kind) =>
    names.some((whole) => whole.toLowerCase() === name) || endings.some((ending) => name.endsWith(ending));
  return FileLanguage.options.find((each) => says(KINDS[each])) ?? 'plaintext';
}
