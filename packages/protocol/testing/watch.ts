/** What tests wait for: conditions on something that says when it has changed. */
export class Watch {
  readonly #looks = new Set<() => void>();

  /** Resolves once the condition holds, now or after a change. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Looks at every condition that somebody waits for. */
  changed(): void {
    for (const look of [...this.#looks]) look();
  }
}
