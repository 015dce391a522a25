/** @jsxRuntime automatic @jsxImportSource preact */
import type { Picture, PictureFlow, PicturePlace } from '../model/assessment/assessment.ts';

const WIDTH = 560;
const BOX = { width: 122, height: 46 };
const GAP = 22;
const TOP = 54;
const EDGE = 12;
/** The way below all boxes for flows that leave a tenant past its own workspaces. */
const LANE = 24;

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Frame {
  readonly x: number;
  readonly width: number;
}

/**
 * One architecture, drawn from facts: tenants with their region, sources and workspaces in them, and flows as thick as
 * their volume. Dashed is what is not collected.
 */
export function ArchitecturePicture({ picture, title }: { readonly picture: Picture; readonly title: string }) {
  const { places, flows, says } = picture;
  const columns = places.map(({ boxes }) => ({
    sources: boxes.filter(({ kind }) => kind === 'source'),
    workspaces: boxes.filter(({ kind }) => kind === 'workspace'),
  }));
  const rows = Math.max(...columns.flatMap(({ sources, workspaces }) => [sources.length, workspaces.length]), 1);
  const frames = framesOf(places);
  // Where a flow starts (the right edge) and ends (the left one).
  const spots = new Map<string, Spot>();
  for (const [index, { sources, workspaces }] of columns.entries()) {
    const { x, width } = frames[index]!;
    for (const [row, { id }] of sources.entries()) spots.set(id, { x: x + EDGE, y: rowOf(row, sources.length, rows) });
    for (const [row, { id }] of workspaces.entries())
      spots.set(id, { x: x + width - EDGE - BOX.width, y: rowOf(row, workspaces.length, rows) });
  }
  const bottom = TOP + rows * (BOX.height + GAP) - 8;
  const past = new Set(flows.filter((flow) => goesPast(flow, places)).map(({ to }) => to));
  const height = bottom + (past.size > 0 ? LANE : 0) + 4;
  const first = frames[0]!;
  const outOf = (from: string): Spot | undefined =>
    from === places[0]?.id
      ? { x: first.x + first.width - BOX.width, y: TOP + ((rows - 1) * (BOX.height + GAP)) / 2 }
      : spots.get(from);
  const most = Math.max(...flows.map(({ gbPerMonth }) => gbPerMonth ?? 0), 1);
  return (
    <figure class="architecture">
      <figcaption class="dim">{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={says}>
        {places.map((place, index) => (
          <Place key={place.id} place={place} frame={frames[index]!} height={height - 4} />
        ))}
        {flows.map((flow) => (
          <Flow
            key={`${flow.from}-${flow.to ?? ''}`}
            flow={flow}
            start={outOf(flow.from)}
            end={flow.to === undefined ? undefined : spots.get(flow.to)}
            most={most}
            lane={goesPast(flow, places) ? bottom + 8 : undefined}
          />
        ))}
        {places.flatMap(({ boxes, provider }) =>
          boxes.map((box) => <Box key={box.id} box={box} provider={provider} spot={spots.get(box.id)!} />),
        )}
      </svg>
    </figure>
  );
}

function Place(props: { readonly place: PicturePlace; readonly frame: Frame; readonly height: number }) {
  const { owner, region } = props.place;
  const { x, width } = props.frame;
  return (
    <g>
      <rect class="place" x={x} y={2} width={width} height={props.height} rx="6" />
      <text class="small" x={x + EDGE} y={18}>
        {cut(owner, (width - 2 * EDGE) / 6.6)}
      </text>
      <text class="dim small" x={x + EDGE} y={33}>
        {cut(region, (width - 2 * EDGE) / 6.4)}
      </text>
    </g>
  );
}

function Box(props: { readonly box: PicturePlace['boxes'][number]; readonly provider: boolean; readonly spot: Spot }) {
  const { kind, label, detail } = props.box;
  const { x, y } = props.spot;
  const lines = wrap(label, detail === '' ? 3 : 2);
  const all = lines.length + (detail === '' ? 0 : 1);
  const line = (index: number): number => y + BOX.height / 2 + 4 + (index - (all - 1) / 2) * 13;
  return (
    <g>
      <title>{detail === '' ? label : `${label}, ${detail}`}</title>
      <rect
        class={kind === 'source' ? 'box' : props.provider ? 'box centre' : 'box own'}
        x={x}
        y={y}
        width={BOX.width}
        height={BOX.height}
        rx="4"
      />
      {lines.map((text, index) => (
        <text key={index} class="small" x={x + 8} y={line(index)}>
          {text}
        </text>
      ))}
      {detail !== '' && (
        <text class="dim small" x={x + 8} y={line(all - 1)}>
          {cut(detail, CHARACTERS)}
        </text>
      )}
    </g>
  );
}

/** Where each tenant's frame lies: the customer's is wide where it holds sources and workspaces. */
function framesOf(places: readonly PicturePlace[]): readonly Frame[] {
  const narrow = BOX.width + 2 * EDGE;
  if (places.length === 1) return [{ x: 2, width: WIDTH - 4 }];
  const [first] = places;
  const width = first && isWide(first) ? WIDTH - 4 - narrow - 62 : narrow;
  return [
    { x: 2, width },
    { x: WIDTH - 2 - narrow, width: narrow },
  ];
}

function isWide({ boxes }: PicturePlace): boolean {
  return boxes.some(({ kind }) => kind === 'source') && boxes.some(({ kind }) => kind === 'workspace');
}

/** Whether a source's logs leave the tenant where its own workspaces stand in the way. */
function goesPast({ from, to }: PictureFlow, places: readonly PicturePlace[]): boolean {
  const [first, second] = places;
  return (
    first !== undefined &&
    isWide(first) &&
    first.boxes.some(({ id, kind }) => id === from && kind === 'source') &&
    second?.boxes.some(({ id }) => id === to) === true
  );
}

/** Fewer boxes stand in the middle of the many. */
function rowOf(row: number, of: number, rows: number): number {
  const step = BOX.height + GAP;
  return TOP + row * step + ((rows - of) * step) / 2;
}

function Flow(props: {
  readonly flow: PictureFlow;
  readonly start: Spot | undefined;
  readonly end: Spot | undefined;
  readonly most: number;
  readonly lane: number | undefined;
}) {
  const { flow, start, end, most, lane } = props;
  const { kind, gbPerMonth, label } = flow;
  if (!start) return null;
  const x1 = start.x + BOX.width;
  const y1 = start.y + BOX.height / 2;
  const x2 = end ? end.x - 8 : x1 + 78;
  const y2 = end ? end.y + BOX.height / 2 : y1;
  const thick = kind === 'notCollected' ? 1.5 : 1.2 + 4 * Math.sqrt((gbPerMonth ?? 0) / most);
  const middle = (x1 + x2) / 2;
  const way =
    lane !== undefined
      ? `M${x1} ${y1}C${x1 + 34} ${y1} ${x1 + 6} ${lane} ${x1 + 44} ${lane}H${x2 - 44}C${x2 - 6} ${lane} ${x2 - 34} ${y2} ${x2} ${y2}`
      : y1 === y2
        ? `M${x1} ${y1}H${x2}`
        : `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  return (
    <g>
      <path class={`wire ${kind}`} stroke-width={thick} d={way} />
      {end && <path class={`head ${kind}`} d={`M${x2 + 8} ${y2}l-9 -5v10z`} />}
      {label !== '' && (
        <text class={end ? 'small' : 'dim small end'} x={end ? end.x : x2} y={end ? end.y - 5 : y2 - 6}>
          {label}
        </text>
      )}
    </g>
  );
}

const CHARACTERS = 17;

/** Lines of a box, broken at spaces and behind hyphens; what has no room ends in dots. */
function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<=[ -])/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}${word}`.trimEnd().length <= CHARACTERS) lines[lines.length - 1] = last + word;
    else lines.push(word);
  }
  const shown = lines.slice(0, most).map((line) => cut(line.trimEnd(), CHARACTERS));
  if (lines.length > most) shown[most - 1] = `${cut(shown[most - 1]!, CHARACTERS - 2).replace(/[,…]*$/, '')} …`;
  return shown;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
}
