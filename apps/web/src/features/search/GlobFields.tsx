import { useDesk } from '../../desk/hooks.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { searchOf, useSearch } from './desk-search.ts';

/** Which files are searched. */
export function GlobFields() {
  const search = searchOf(useDesk());
  const include = useSearch((state) => state.query.include);
  const exclude = useSearch((state) => state.query.exclude);
  return (
    <>
      <TextField
        label="Files to include"
        placeholder="*.py, src/**"
        value={include}
        onChange={(event) => search.ask({ include: event.target.value })}
      />
      <TextField
        label="Files to exclude"
        placeholder="tests, *.json"
        value={exclude}
        onChange={(event) => search.ask({ exclude: event.target.value })}
      />
    </>
  );
}
