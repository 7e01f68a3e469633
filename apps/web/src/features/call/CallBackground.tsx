import { useEffect, useRef, useState } from 'react';
import { useLive, useRoom } from '../../desk/room.tsx';
import { Spoken } from '../../ui/Notice.tsx';
import { Voice } from './Media.tsx';
import { useCall, useCallStatus } from './state.ts';
import { newsOf } from './words.ts';

/** What of the call goes on whatever is shown of it: the voices, and who comes and goes. */
export function CallBackground() {
  const call = useCall();
  useEffect(() => call.start(), [call]);
  return (
    <>
      <Voices />
      <News />
    </>
  );
}

function Voices() {
  const peers = useCallStatus((status) => status.peers);
  const members = useLive((view) => view.call.members);
  return [...peers].map(([client, { tracks }]) => {
    const on = members.some((member) => member.client === client && member.microphone);
    return tracks.microphone && <Voice key={client} track={tracks.microphone} silent={!on} />;
  });
}

/** Says who joined the call and who left it. */
function News() {
  const state = useLive((view) => view.call);
  const people = useRoom(({ room }) => room.members);
  const you = useRoom((view) => view.you?.id ?? null);
  const before = useRef(state);
  const [words, setWords] = useState('');
  useEffect(() => {
    const news = newsOf(before.current, state, people, you);
    before.current = state;
    if (news !== '') setWords(news);
  }, [state, people, you]);
  return <Spoken words={words} />;
}
