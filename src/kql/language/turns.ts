/**
 * One beginning per turn of the event loop: between two of them messages are read, so that what was cancelled meanwhile
 * is known before its work begins. What a person waits for with the cursor in hand goes first.
 */
export class Turns {
  private readonly urgent: (() => void)[] = [];
  private readonly others: (() => void)[] = [];
  private scheduled = false;
  private readonly later: (next: () => void) => void;

  /** `later` calls back in a turn of its own, after waiting messages. */
  constructor(later: (next: () => void) => void) {
    this.later = later;
  }

  /** Resolves when it is this one's turn. */
  mine(isUrgent: boolean): Promise<void> {
    return new Promise<void>((resolve) => {
      (isUrgent ? this.urgent : this.others).push(resolve);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.later(() => {
      this.scheduled = false;
      const next = this.urgent.shift() ?? this.others.shift();
      if (this.urgent.length + this.others.length > 0) this.schedule();
      next?.();
    });
  }
}
