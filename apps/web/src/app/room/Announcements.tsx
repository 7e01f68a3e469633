import { useStore } from 'zustand';
import { useDesk } from '../../desk/hooks.tsx';

/** Where screen readers hear what happens elsewhere on the page. */
export function Announcements() {
  const lines = useStore(useDesk().announcer.lines);
  return (
    <div role="log" aria-label="Announcements" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
