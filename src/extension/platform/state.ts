import type { Memento } from 'vscode';

/**
 * One value kept by VS Code, with the version of its shape: a value of another version, or a malformed one, is as good
 * as none.
 */
export class StateValue<T> {
  private readonly memento: Memento;
  private readonly key: string;
  private readonly version: number;
  private readonly isValid: (value: unknown) => value is T;

  constructor(memento: Memento, key: string, version: number, isValid: (value: unknown) => value is T) {
    this.memento = memento;
    this.key = `tenantscope.${key}`;
    this.version = version;
    this.isValid = isValid;
  }

  get(): T | undefined {
    const stored = this.memento.get<{ version?: unknown; value?: unknown }>(this.key);
    return stored?.version === this.version && this.isValid(stored.value) ? stored.value : undefined;
  }

  async set(value: T | undefined): Promise<void> {
    await this.memento.update(this.key, value === undefined ? undefined : { version: this.version, value });
  }
}
