import { fileURLToPath } from 'node:url';
import { approvalOf, checkAddress, loadCentres, openApprovals, placesIn, toldOf } from '../app/centresFile.ts';
import type { FoundCentres, NamedPlace } from '../app/centresFile.ts';
import type { RollupPlaces } from '../app/rollups.ts';
import { counted } from '../base/counted.ts';
import { AppError } from '../base/errors.ts';
import type { Cloud } from '../model/cloud.ts';
import type { LakeCentre } from '../model/centre.ts';
import type { CentreApproval, NotApproved } from '../protocol/centres.ts';

/** Which places of a roll-up's centres are wanted. */
export interface PlacesWish {
  /** The address of the roll-up's file, beside whose folder the file of centres lies; only the lake where absent. */
  readonly path?: string;
  /** Names of centres; all where absent. */
  readonly sinks?: readonly string[];
  /** Of how many workspaces rows would go there: for the question. */
  readonly workspaces?: () => Promise<number>;
}

/**
 * Where roll-ups of repositories may go. A file `.tenantscope/centres.json` only names addresses: each is one of the
 * cloud's, and nothing is opened before the person approved exactly it.
 */
export class RollupCentres {
  private readonly cloud: Cloud;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** The file of centres beside a roll-up's folder; nothing is in it where it lies on no disk. */
  async of(path: string | undefined): Promise<FoundCentres> {
    const file = path === undefined ? undefined : centresPathOf(path);
    if (file === undefined) return { path: '', isThere: false, centres: [], problems: [] };
    return loadCentres(file);
  }

  /** The files of centres of several roll-ups, each once. */
  async ofAll(paths: readonly string[]): Promise<readonly (FoundCentres & { readonly rollup: string })[]> {
    const first = new Map(paths.map((path) => [centresPathOf(path), path]));
    const found = await Promise.all(
      [...first.values()].map(async (rollup) => ({ ...(await this.of(rollup)), rollup })),
    );
    return found.filter(({ isThere }) => isThere);
  }

  /**
   * Opened are the lake, the centres of these sinks and the place of the state. Rejects with `input.centreAddress`,
   * `input.centre` for a sink that no file names, and `input.notApproved` with what is to be approved as its data.
   */
  async places(lake: LakeCentre, { path, sinks, workspaces }: PlacesWish): Promise<RollupPlaces> {
    const found = await this.of(path);
    const unknown = sinks?.find((sink) => sink !== lake.name && !found.centres.some(({ name }) => name === sink));
    if (unknown !== undefined) throw unknownCentre(unknown, found);
    const open = await this.unapproved(found, sinks);
    if (open.length > 0) throw await refusal(found, open, workspaces);
    const wanted = found.centres.filter(({ name }) => sinks?.includes(name) ?? true);
    return { centres: [lake, ...wanted], ...(found.state ? { state: found.state } : {}) };
  }

  /** Places of a file that nobody has approved, with what is to be approved. Rejects with `input.centreAddress`. */
  async unapproved(found: FoundCentres, sinks?: readonly string[]): Promise<readonly Unapproved[]> {
    const approvals = openApprovals();
    const open: Unapproved[] = [];
    for (const place of placesIn(found, sinks)) {
      await checkAddress(place[1], this.cloud);
      const { cloud: _one, ...approval } = approvalOf(found, this.cloud, place);
      if (!(await approvals.has({ ...approval, cloud: this.cloud.name }))) open.push({ place, approval });
    }
    return open;
  }

  /** Keeps a person's word. Rejects with `input.centre` where the file says something else by now. */
  async approve(approval: CentreApproval): Promise<void> {
    const found = await loadCentres(approval.file);
    const place = placesIn(found).find(([name]) => name === approval.name);
    if (!place || approvalOf(found, this.cloud, place).address !== approval.address)
      throw new AppError(
        'input.centre',
        `${approval.file} was changed meanwhile, so nothing was approved. Try again, and read the new address.`,
      );
    await checkAddress(place[1], this.cloud);
    await openApprovals().add({ ...approval, cloud: this.cloud.name });
  }
}

/** A place, and what a person would approve of it. */
interface Unapproved {
  readonly place: NamedPlace;
  readonly approval: CentreApproval;
}

async function refusal(
  { path }: FoundCentres,
  open: readonly Unapproved[],
  workspaces: PlacesWish['workspaces'],
): Promise<AppError> {
  const names = open.flatMap(({ place: [name, where] }) => ('kind' in where ? [name] : []));
  const count = names.length > 0 ? await workspaces?.() : undefined;
  const data: NotApproved = {
    places: open.map(({ approval }) => approval),
    question:
      names.length === 0
        ? 'How far roll-ups are would be kept elsewhere.'
        : `Rows of ${count === undefined ? 'customers' : counted(count, 'workspace')} would go to ${names.join(' and ')}.`,
  };
  const told = open.map(({ place }) => toldOf(place)).join('; it ');
  return new AppError('input.notApproved', `${path} ${told}. You have not approved that. Nothing was sent.`, {
    data: { ...data },
  });
}

function unknownCentre(name: string, { path, isThere, problems }: FoundCentres): AppError {
  const [first] = problems;
  const because = first ? ` Line ${first.line} of it: ${first.message}` : '';
  return new AppError(
    'input.centre',
    isThere
      ? `${path} names no centre "${name.slice(0, 45)}".${because}`
      : `There is no centre "${name.slice(0, 45)}": it is to be named in ${path === '' ? '.tenantscope/centres.json' : path}.`,
  );
}

/** The path of the file of centres for a roll-up's address; undefined where that is on no disk of this machine. */
export function centresPathOf(rollup: string): string | undefined {
  try {
    // As the command line writes a drive, so that both mean one file.
    return fileURLToPath(new URL('../centres.json', rollup)).replace(/^[a-z]:/, (drive) => drive.toUpperCase());
  } catch {
    return undefined;
  }
}
