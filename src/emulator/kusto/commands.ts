import type { Answer } from '../router.ts';
import type { Asked, Command } from './commandPattern.ts';
import { dataCommands } from './dataCommands.ts';
import { ingestCommands } from './ingestCommands.ts';
import { unsupported } from './kustoError.ts';
import { demand } from './kustoGate.ts';
import { schemaCommands } from './schemaCommands.ts';

const COMMANDS: readonly Command[] = [...schemaCommands, ...dataCommands, ...ingestCommands];

/** Answers a command that is known; any other is refused by name. */
export async function runCommand(asked: Asked, written: string): Promise<Answer> {
  const text = written.trim();
  for (const command of COMMANDS) {
    const match = command.pattern.exec(text);
    if (!match) continue;
    demand(asked.ctx, asked.database, asked.claims, command.needs);
    const parts = match.slice(1).map((part: string | undefined) => part ?? '');
    return { status: 200, body: await command.run(asked, parts) };
  }
  throw unsupported(asked.ctx, `the command ${text.slice(0, 80)}`);
}
