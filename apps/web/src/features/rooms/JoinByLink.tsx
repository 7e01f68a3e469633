import { useState } from 'react';
import { linkProblem, readRoomLink, roomPath } from '../../link.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';

/** Opens the room that a pasted link points to. */
export function JoinByLink({ onOpen }: { onOpen: (path: string) => void }) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  return (
    <form
      noValidate
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const link = readRoomLink(text);
        if (link === null) setError(linkProblem(text));
        else onOpen(roomPath(link.id, link.secret));
      }}
    >
      <TextField
        label="Room link"
        labelHidden
        placeholder="Paste a room link"
        value={text}
        error={error}
        onChange={(event) => {
          setText(event.target.value);
          setError(null);
        }}
        className="flex-1"
      />
      <Button type="submit" className="h-8">
        Join
      </Button>
    </form>
  );
}
