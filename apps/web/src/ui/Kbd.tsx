/** Keys as they stand on this machine's keyboard, already formatted: “⌘K”, “Ctrl+K”. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="shrink-0 rounded-sm border border-line bg-surface-1 px-1 font-sans text-2xs text-ink-2">
      {keys}
    </kbd>
  );
}
