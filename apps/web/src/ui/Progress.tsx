/** A small ring that fills; `label` names what is in progress for those who do not see it. */
export function ProgressRing({ percent, label }: { percent: number; label: string }) {
  const radius = 6;
  const length = 2 * Math.PI * radius;
  const done = Math.min(100, Math.max(0, percent));
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(done)}
      viewBox="0 0 16 16"
      className="size-4 shrink-0 -rotate-90"
    >
      <circle cx="8" cy="8" r={radius} fill="none" stroke="var(--line)" strokeWidth="2" />
      <circle
        cx="8"
        cy="8"
        r={radius}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray={length}
        strokeDashoffset={length * (1 - done / 100)}
      />
    </svg>
  );
}
