import type { Scope } from '../../model/scope.ts';

/** Calls that are shown and not carried out stay so many. */
const KEPT = 50;

/**
 * Whom a person was shown before they agreed to a call. VS Code prepares a call and carries it out in two steps, and
 * says of neither that they belong together; between them the scope of the window may become another. A call is known
 * by its input.
 */
export class ShownScopes {
  private readonly scopes = new Map<string, Scope>();

  /** The scope that the person is shown now for this input: what was shown for it before counts no more. */
  show(input: unknown, scope: Scope): void {
    const key = JSON.stringify(input);
    this.scopes.delete(key);
    this.scopes.set(key, scope);
    const [oldest] = this.scopes.keys();
    if (this.scopes.size > KEPT && oldest !== undefined) this.scopes.delete(oldest);
  }

  /** What was shown for this input last, once: the next call needs the person's word again. */
  take(input: unknown): Scope | undefined {
    const key = JSON.stringify(input);
    const scope = this.scopes.get(key);
    this.scopes.delete(key);
    return scope;
  }
}
