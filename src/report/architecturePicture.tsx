/** @jsxRuntime automatic @jsxImportSource preact */
import type { Picture, PictureFlow, PicturePlace } from '../model/assessment/assessment.ts';

const WIDTH = 540;
const BOX = { width: 106, height: 38 };
const GAP = 12;
const TOP = 34;
const EDGE = 12;

interface Spot {
  readonly x: number;
  readonly y: number;
}

/**
 * One architecture, drawn from facts: tenants with their region, sources and workspaces in them, and flows as thick as
 * their volume. Dashed is what is not collected.
 */
export function ArchitecturePicture({ picture, title }: { readonly picture: Picture; readonly title: string }) {
  const { places, flows, says } = picture;
  const spots = new Map<string, Spot>();
  const columns = places.map(({ boxes, provider }) => ({
    sources: boxes.filter(({ kind }) => kind === 'source'),
    workspaces: boxes.filter(({ kind }) => kind === 'workspace'),
    provider,
  }));
  const rows = Math.max(...columns.flatMap(({ sources, workspaces }) => [sources.length, workspaces.length]), 1);
  const height = TOP + rows * (BOX.height + GAP) + 4;
  const frames = frameOf(places);
  for (const [index, { sources, workspaces }] of columns.entries()) {
    const { x, width } = frames[index]!;
    for (const [row, { id }] of sources.entries()) spots.set(id, { x: x + EDGE, y: rowOf(row, sources.length, rows) });
    for (const [row, { id }] of workspaces.entries())
      spots.set(id, { x: x + width - EDGE - BOX.width, y: rowOf(row, workspaces.length, rows) });
  }
  const most = Math.max(...flows.map(({ gbPerMonth }) => gbPerMonth ?? 0), 1);
  return (
    <figure class="architecture">
      <figcaption class="dim">{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height + 4}`} role="img" aria-label={says}>
        {places.map(({ id, owner, region }, index) => {
          const { x, width } = frames[index]!;
          return (
            <g key={id}>
              <rect class="place" x={x} y={2} width={width} height={height - 2} rx="6" />
              <text class="dim small" x={x + EDGE} y={20}>
                {cut(region === '' ? owner : `${owner}, ${region}`, width / 6.2)}
              </text>
            </g>
          );
        })}
        {flows.map((flow) => (
          <Flow key={`${flow.from}-${flow.to ?? ''}`} flow={flow} spots={spots} most={most} />
        ))}
        {places.flatMap(({ boxes, provider }) =>
          boxes.map(({ id, kind, label, detail }) => {
            const { x, y } = spots.get(id)!;
            return (
              <g key={id}>
                <rect
                  class={kind === 'source' ? 'box' : provider ? 'box centre' : 'box own'}
                  x={x}
                  y={y}
                  width={BOX.width}
                  height={BOX.height}
                  rx="4"
                />
                <text x={x + 8} y={detail === '' ? y + 23 : y + 16}>
                  {cut(label, 14)}
                </text>
                {detail !== '' && (
                  <text class="dim small" x={x + 8} y={y + 31}>
                    {cut(detail, 16)}
                  </text>
                )}
              </g>
            );
          }),
        )}
      </svg>
    </figure>
  );
}

/** Where each tenant's frame lies: the customer's is wide where it holds sources and workspaces. */
function frameOf(places: readonly PicturePlace[]): readonly { readonly x: number; readonly width: number }[] {
  const wide = (place: PicturePlace): boolean =>
    place.boxes.some(({ kind }) => kind === 'source') && place.boxes.some(({ kind }) => kind === 'workspace');
  const narrow = BOX.width + 2 * EDGE;
  if (places.length === 1) return [{ x: 2, width: WIDTH - 4 }];
  const [first] = places;
  const width = first && wide(first) ? WIDTH - 4 - narrow - 92 : narrow;
  return [
    { x: 2, width },
    { x: WIDTH - 2 - narrow, width: narrow },
  ];
}

/** Fewer boxes stand in the middle of the many. */
function rowOf(row: number, of: number, rows: number): number {
  const step = BOX.height + GAP;
  return TOP + row * step + ((rows - of) * step) / 2;
}

function Flow(props: { readonly flow: PictureFlow; readonly spots: ReadonlyMap<string, Spot>; readonly most: number }) {
  const { from, to, kind, gbPerMonth, label } = props.flow;
  const start = props.spots.get(from);
  if (!start) return null;
  const x1 = start.x + BOX.width;
  const y1 = start.y + BOX.height / 2;
  const end = to === undefined ? undefined : props.spots.get(to);
  const x2 = end ? end.x - 7 : x1 + 74;
  const y2 = end ? end.y + BOX.height / 2 : y1;
  const thick = kind === 'notCollected' ? 1.5 : 1.2 + 4 * Math.sqrt((gbPerMonth ?? 0) / props.most);
  const middle = (x1 + x2) / 2;
  return (
    <g>
      <path
        class={`wire ${kind}`}
        stroke-width={thick}
        d={y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
      />
      {end && <path class={`head ${kind}`} d={`M${x2 + 7} ${y2}l-9 -5v10z`} />}
      {label !== '' && (
        <text
          class="dim small middle"
          x={middle}
          y={Math.min(y1, y2) - 5 + (y1 === y2 ? 0 : (Math.abs(y2 - y1) / 2) * 0.4)}
        >
          {label}
        </text>
      )}
    </g>
  );
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
}
