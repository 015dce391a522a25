/** A resource as a file of some format says it, in a form in which they can be compared. */
export interface WrittenResource {
  /** ARM id, in lower case. */
  readonly id: string;
  /** Absent where the format leaves it to somebody else. */
  readonly apiVersion?: string;
  /** Location, tags, properties and the like; a secret is `{ secret: NAME }`. */
  readonly body: object;
}

/** The id of a resource below a scope. */
export function idOf(scope: string, type: string, name: string): string {
  const [namespace, ...kinds] = type.split('/');
  const names = name.split('/');
  return `${scope}/providers/${[namespace, ...kinds.flatMap((kind, at) => [kind, names[at]!])].join('/')}`.toLowerCase();
}

/** In an order of their own, for what the files have in another. */
export function byId(resources: readonly WrittenResource[]): readonly WrittenResource[] {
  return [...resources].sort((a, b) => (a.id < b.id ? -1 : 1));
}
