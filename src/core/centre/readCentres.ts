import type { BlobState, Centre, Centres, DataExplorerCentre } from '../../model/centre.ts';
import { isGuid } from '../../model/ids.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import type { PlacedEntry, PlacedJson } from '../customers/placedJson.ts';

/** What is wrong with a file of centres, with the line (from 1). */
export interface CentresProblem {
  readonly line: number;
  readonly message: string;
}

/** A file of centres that was read: what has a mistake is left out of `centres` and told. */
export interface CentresFile extends Centres {
  readonly problems: readonly CentresProblem[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,44}$/;
const WORKSPACE =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourcegroups\/[^/]{1,90}\/providers\/microsoft\.operationalinsights\/workspaces\/[a-z0-9-]{4,63}$/i;
const DATABASE = /^[A-Za-z0-9 _.-]{1,260}$/;
const CLUSTER = /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?$/;
/** In a custom cloud the account may stand in the path. */
const CONTAINER = /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[a-z0-9]{3,24})?\/[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Reads `.tenantscope/centres.json`; never throws. What it names is a repository's word: nobody's rows go there before
 * the person approved the address, and its host is the cloud's.
 */
export function readCentres(text: string): CentresFile {
  const { root, errors } = parsePlacedJson(text);
  const reader = new Reader(errors);
  if (!root) return { centres: [], problems: reader.problems };
  const centres: Centre[] = [];
  let state: BlobState | undefined;
  for (const entry of reader.entries(root, ['$schema', 'centres', 'state'])) {
    if (entry.key === 'state') state = readState(entry.value, reader);
    if (entry.key !== 'centres') continue;
    for (const { key, line, value } of reader.entries(entry.value)) {
      const twin = centres.find(({ name }) => name.toLowerCase() === key.toLowerCase());
      if (!NAME.test(key))
        reader.tell(line, 'The name of a centre is a letter, then letters, digits, _ and -, at most 45 of them.');
      else if (/^(?:lake|state)$/i.test(key))
        reader.tell(
          line,
          `"${key}" stands for the folder of --lake, or for the state. Call this centre something else.`,
        );
      else if (twin) reader.tell(line, `"${key}" is there twice.`);
      else {
        const before = reader.problems.length;
        const centre = readCentre(key, value, reader);
        if (centre && reader.problems.length === before) centres.push(centre);
      }
    }
  }
  return { centres, ...(state ? { state } : {}), problems: reader.problems };
}

function readCentre(name: string, node: PlacedJson, reader: Reader): Centre | undefined {
  const fields = reader.fields(node);
  const kind = reader.text(fields, 'kind', node.line, (value) =>
    value === 'logAnalytics' || value === 'dataExplorer'
      ? { value }
      : `A centre's kind is logAnalytics or dataExplorer, not "${value.slice(0, 40)}". A lake is a folder that a person names with --lake.`,
  );
  if (!kind) return undefined;
  const known = kind === 'logAnalytics' ? ['workspace'] : ['cluster', 'database', 'ingestion'];
  reader.refuseOthers(node, ['kind', 'tenant', ...known]);
  const tenant = readTenant(fields, node, reader);
  if (kind === 'logAnalytics') {
    const workspace = reader.text(fields, 'workspace', node.line, (value) =>
      WORKSPACE.test(value) ? { value } : 'A workspace is its Azure resource ID: /subscriptions/.../workspaces/NAME.',
    );
    return tenant === undefined || workspace === undefined ? undefined : { kind, name, tenant, workspace };
  }
  const cluster = reader.text(fields, 'cluster', node.line, (value) => {
    const origin = value.replace(/\/$/, '');
    return CLUSTER.test(origin)
      ? { value: origin.toLowerCase() }
      : 'A cluster is its https address: https://NAME.REGION.kusto.windows.net.';
  });
  const database = reader.text(fields, 'database', node.line, (value) =>
    DATABASE.test(value) ? { value } : 'The name of a database is letters, digits, blanks, _ . and -.',
  );
  const ingestion: DataExplorerCentre['ingestion'] | undefined = fields.has('ingestion')
    ? reader.text(fields, 'ingestion', node.line, (value) =>
        value === 'queued' || value === 'streaming' ? { value } : 'Ingestion is queued or streaming.',
      )
    : 'queued';
  if (tenant === undefined || cluster === undefined || database === undefined || !ingestion) return undefined;
  return { kind, name, tenant, cluster, database, ingestion };
}

function readState(node: PlacedJson, reader: Reader): BlobState | undefined {
  reader.refuseOthers(node, ['tenant', 'container']);
  const fields = reader.fields(node);
  const tenant = readTenant(fields, node, reader);
  const container = reader.text(fields, 'container', node.line, (value) =>
    CONTAINER.test(value.replace(/\/$/, ''))
      ? { value: value.replace(/\/$/, '') }
      : 'A container is its https address, without a signature: https://ACCOUNT.blob.core.windows.net/CONTAINER.',
  );
  return tenant === undefined || container === undefined ? undefined : { tenant, container };
}

function readTenant(
  fields: ReadonlyMap<string, PlacedEntry>,
  { line }: PlacedJson,
  reader: Reader,
): string | undefined {
  return reader.text(fields, 'tenant', line, (value) =>
    isGuid(value) ? { value: value.toLowerCase() } : 'A tenant is its ID (a guid): whose token writes and reads.',
  );
}

/** Reads fields, and keeps what is wrong with them. A text in place of a value says what is. */
class Reader {
  readonly problems: CentresProblem[];

  constructor(errors: readonly CentresProblem[]) {
    this.problems = [...errors];
  }

  tell(line: number, message: string): void {
    this.problems.push({ line, message });
  }

  entries(node: PlacedJson, known?: readonly string[]): readonly PlacedEntry[] {
    if (node.kind !== 'object') {
      this.tell(node.line, 'An object is expected here: {"centres": {"NAME": {"kind": "logAnalytics", ...}}}.');
      return [];
    }
    if (known) this.refuseOthers(node, known);
    return node.entries;
  }

  fields(node: PlacedJson): ReadonlyMap<string, PlacedEntry> {
    return new Map(this.entries(node).map((entry) => [entry.key, entry]));
  }

  refuseOthers(node: PlacedJson, known: readonly string[]): void {
    for (const { key, line } of node.kind === 'object' ? node.entries : [])
      if (!known.includes(key)) this.tell(line, `"${key.slice(0, 40)}" is not known here; use ${known.join(', ')}.`);
  }

  /** A text field as `read` makes a value of it; a text of `read` in place of one says what is wrong. */
  text<T extends string>(
    fields: ReadonlyMap<string, PlacedEntry>,
    name: string,
    line: number,
    read: (value: string) => { readonly value: T } | string,
  ): T | undefined {
    const entry = fields.get(name);
    if (!entry) this.tell(line, `"${name}" is missing.`);
    else if (entry.value.kind !== 'value' || typeof entry.value.value !== 'string')
      this.tell(entry.line, `"${name}" is a text.`);
    else {
      const made = read(entry.value.value.trim());
      if (typeof made !== 'string') return made.value;
      this.tell(entry.line, made);
    }
    return undefined;
  }
}
