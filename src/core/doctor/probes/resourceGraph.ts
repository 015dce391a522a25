import type { CheckNames } from '../../../model/diagnosis.ts';
import type { ConnectionPort } from '../../../ports/connection.ts';
import type { WorkspaceListing } from '../../../ports/directory.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Whether Resource Graph tells the workspaces. Without it they are listed one subscription after the other, slowly. */
export function probeResourceGraph(
  issuer: Issuer,
  names: CheckNames,
  port: Pick<ConnectionPort, 'graphWorkspaces'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<readonly WorkspaceListing[]>> {
  return probe({ probe: 'resourceGraph', service: 'resourceManager', names }, clock, async () => {
    const workspaces = await port.graphWorkspaces(issuer, signal);
    return { value: workspaces, detail: `${workspaces.length} workspace${workspaces.length === 1 ? '' : 's'}` };
  });
}
