import { findScopeLine } from '../scopeLine.ts';
import type { ScopeLine } from '../scopeLine.ts';
import { readFrontComment } from './frontComment.ts';
import { findDeclaration } from './parameters.ts';
import type { Segment } from './places.ts';
import type { Place } from '../plan.ts';
import type { FileQuery } from './queryFile.ts';

/** What a format knows about a query, beside its text. */
export interface Found {
  readonly text: string;
  readonly place: Place;
  readonly segments: readonly Segment[];
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly time?: FileQuery['time'];
  readonly schedule?: string;
  /** The scope line that counts, where it need not stand in the text itself. */
  readonly scope?: ScopeLine;
  readonly quoted?: true;
  readonly certain?: true;
  readonly refusal?: string;
}

/** A query of a file: what its format says of it, less than what the query's own comment says. */
export function toFileQuery(found: Found): FileQuery {
  const comment = readFrontComment(found.text);
  const declaration = findDeclaration(found.text);
  const declared = declaration?.parameters ?? [];
  const scope = found.scope ?? findScopeLine(found.text);
  const refusal = found.refusal ?? comment.problems[0]?.message;
  const description = found.description ?? comment.description;
  const time = comment.time ?? found.time;
  const schedule = comment.schedule ?? found.schedule;
  return {
    name: comment.name ?? found.name,
    ...(description ? { description } : {}),
    tags: [...new Set([...(found.tags ?? []), ...comment.tags])],
    parameters: [
      ...declared.map((parameter) => ({
        ...comment.parameters.find(({ name }) => name === parameter.name),
        ...parameter,
      })),
      ...comment.parameters.filter(({ name }) => !declared.some((other) => other.name === name)),
    ],
    ...(scope ? { scope } : {}),
    ...(time ? { time } : {}),
    ...(schedule ? { schedule } : {}),
    place: found.place,
    text: found.text,
    segments: found.segments,
    ...(found.quoted ? { quoted: true as const } : {}),
    ...(found.certain ? { certain: true as const } : {}),
    ...(comment.function ? { function: comment.function } : {}),
    ...(declaration ? { declaration } : {}),
    ...(refusal ? { refusal } : {}),
  };
}
