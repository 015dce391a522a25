/** A resource as a file of some format says it, in a form in which they can be compared. */
export interface WrittenResource {
  /** ARM id. */
  readonly id: string;
  /** Absent where the format leaves it to somebody else. */
  readonly apiVersion?: string;
  /** Location, tags, properties and the like; a secret is `{ secret: NAME }`. */
  readonly body: object;
  /** Absent for PUT. `MERGE`: what is there is read, and put again with this over it. */
  readonly method?: 'POST' | 'MERGE';
  /** Ids of what the file says has to be there before. */
  readonly needs?: readonly string[];
}

/** The id of a resource below a scope. */
export function idOf(scope: string, type: string, name: string): string {
  const [namespace, ...kinds] = type.split('/');
  const names = name.split('/');
  return `${scope}/providers/${[namespace, ...kinds.flatMap((kind, at) => [kind, names[at]!])].join('/')}`;
}

/** In the last order that the file allows: what does not wait for another comes after what does, where it can. */
export function inLastOrder(resources: readonly WrittenResource[]): readonly WrittenResource[] {
  const left = resources.map((one) => ({ ...one, waits: new Set((one.needs ?? []).map((id) => id.toLowerCase())) }));
  const made: WrittenResource[] = [];
  while (left.length > 0) {
    const at = left.findLastIndex(({ waits }) => !left.some(({ id }) => waits.has(id.toLowerCase())));
    if (at < 0) throw new Error(`These wait for one another: ${left.map(({ id }) => id).join(', ')}`);
    made.push(left.splice(at, 1)[0]!);
  }
  return made;
}

/** The request that makes each of them, with secrets in the clear. `versions`: where the file leaves it to somebody else. */
export function putsOf(
  resources: readonly WrittenResource[],
  secrets: Readonly<Record<string, string>>,
  versionOf: (id: string) => string,
): readonly { readonly method: string; readonly path: string; readonly body: object }[] {
  return inLastOrder(resources).map(({ id, apiVersion, body, method = 'PUT' }) => ({
    method,
    path: `${id.split('/').map(encodeURIComponent).join('/')}?api-version=${apiVersion ?? versionOf(id)}`,
    body: inTheClear(body, secrets) as object,
  }));
}

function inTheClear(value: unknown, secrets: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => inTheClear(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  const { secret } = value as { readonly secret?: unknown };
  if (typeof secret === 'string' && Object.keys(value).length === 1) {
    if (secrets[secret] === undefined) throw new Error(`Nobody gave the secret ${secret}.`);
    return secrets[secret];
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inTheClear(item, secrets)]));
}
