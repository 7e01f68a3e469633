/** The mark alone: two brackets that belong together. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width={size} height={size} className="shrink-0">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.8" strokeLinecap="round" strokeLinejoin="round">
        <path d="M13 9.5 6.5 16l6.5 6.5" />
        <path d="M19 9.5 25.5 16 19 22.5" opacity="0.7" />
      </g>
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-base tracking-tight">
      <Mark />
      CodeSync
    </span>
  );
}
