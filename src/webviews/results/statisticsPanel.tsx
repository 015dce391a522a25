import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { ColumnStatistics, DynamicStatistics, Spread } from '../../model/rows.ts';
import { useEffect, useState } from '../shell/view.ts';
import type { ColumnPanelProps } from './groupsPanel.tsx';
import { SidePanel } from './sidePanel.tsx';
import { ValueCounts } from './valueCounts.tsx';
import { chosenValues, toggleValue } from './valueFilters.ts';

const LONGEST = 200;

/** What a column holds, over all rows that pass: how many values, which, and of a dynamic column what they are like. */
export function StatisticsPanel({ host, run, arrangement, column, ask, say, filter, close }: ColumnPanelProps) {
  const [facts, setFacts] = useState<ColumnStatistics | undefined>(undefined);
  const { filters, search } = arrangement;
  const question = { run: run.run, column: column.name, filters: [...filters], ...(search ? { search } : {}) };
  useEffect(() => {
    let wanted = true;
    void ask(host.channel.request('statistics', question)).then((answer) => {
      if (!answer || !wanted) return;
      setFacts(answer);
      say(
        `${visibleText(column.name)}: ${factsOf(answer)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}.`,
      );
    });
    return () => {
      wanted = false;
    };
  }, [JSON.stringify([question, run.state])]);
  const shown = facts?.column === column.name ? facts : undefined;
  const details = `${column.type}${shown ? `, ${counted(shown.rows, 'row')}` : ', counting …'}`;
  return (
    <SidePanel
      label={`Statistics of ${column.name}`}
      subject={column.name}
      title={column.name}
      details={details}
      close={close}
    >
      {shown && (
        <div class="detail-body">
          <dl>
            {factsOf(shown).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {shown.dynamic && <DynamicFacts dynamic={shown.dynamic} all={shown.rows - shown.empty} />}
          {/* Values that are all different say nothing by their number. */}
          {(shown.top[0]?.count ?? 0) > 1 && (
            <section>
              <h3>Most frequent values</h3>
              <ValueCounts
                label="Most frequent values"
                values={shown.top}
                all={shown.rows}
                chosen={chosenValues(filters, column.name)}
                choose={(value) => {
                  filter(toggleValue(filters, column.name, value));
                }}
              />
            </section>
          )}
        </div>
      )}
    </SidePanel>
  );
}

/** The facts of a column that are one number or value each, with their names. */
function factsOf({ rows, empty, distinct, min, max, dynamic }: ColumnStatistics): readonly [string, string][] {
  const facts: [string, string][] = [
    ['Rows with a value', (rows - empty).toLocaleString('en')],
    ['Rows without', empty.toLocaleString('en')],
    ['Different values', distinct.toLocaleString('en')],
  ];
  if (min !== undefined && max !== undefined) facts.push(['Least', shownBound(min)], ['Greatest', shownBound(max)]);
  if (dynamic) facts.push(['Characters', spreadText(dynamic.characters)]);
  if (dynamic?.members) facts.push(['Keys or items', spreadText(dynamic.members)]);
  return facts;
}

/** A text may be as long as it likes; its beginning says where it stands. */
function shownBound(value: string): string {
  return visibleText(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
}

function spreadText({ least, median, most }: Spread): string {
  const [from, middle, to] = [least, median, most].map((number) => number.toLocaleString('en'));
  return least === most ? from! : `${from} to ${to}, half of them up to ${middle}`;
}

function DynamicFacts({ dynamic, all }: { readonly dynamic: DynamicStatistics; readonly all: number }) {
  const parts = [
    ['Kinds', dynamic.kinds],
    ['Most frequent keys', dynamic.keys],
    ['Most frequent shapes', dynamic.shapes],
  ] as const;
  return (
    <>
      {parts.map(
        ([title, values]) =>
          values.length > 0 && (
            <section key={title}>
              <h3>{title}</h3>
              <ValueCounts label={title} values={values} all={all} />
            </section>
          ),
      )}
    </>
  );
}
