import { LANGUAGES, languageOf } from '@codesync/protocol';
import { useActiveFile } from '../../desk/hooks.tsx';

export function LanguageName() {
  const active = useActiveFile();
  if (active === undefined) return null;
  const language = languageOf(active.path);
  return <span>{language === null ? 'Plain text' : LANGUAGES[language].label}</span>;
}
