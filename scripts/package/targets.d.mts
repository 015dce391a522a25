export interface Platform {
  readonly target: string;
  readonly machine: string;
  readonly system: string;
  readonly libc?: string;
  readonly binding: string;
  readonly files: readonly string[];
}
export const TARGETS: readonly Platform[];
export function platformOf(target: string): Platform;
export function hostTarget(): string;
