import { visibleText } from '../../base/visibleText.ts';
import type { ChartData } from '../../model/rows.ts';
import { stylesOf } from './seriesStyles.ts';
import type { SeriesStyle } from './seriesStyles.ts';
import { themeColors } from './themeColors.ts';
import { onThemeChange } from '../shell/theme.ts';
import { useEffect, useState } from '../shell/view.ts';

/** Names from which on looking for one is quicker than reading all. */
const SEARCH_FROM = 8;

/** What the legend shows, and what it can have done. */
export interface LegendProps {
  readonly data: ChartData;
  /** Keys of series that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Names that are drawn on their own because somebody asked for them. */
  readonly also: readonly string[];
  readonly setHidden: (hidden: ReadonlySet<string>) => void;
  readonly setAlso: (also: readonly string[]) => void;
}

/**
 * The series of a chart beside it: each shows and hides its own, those drawn as one can be taken out of the others, and
 * all can be searched.
 */
export function ChartLegend({ data, hidden, also, setHidden, setAlso }: LegendProps) {
  const [search, setSearch] = useState('');
  const colors = useThemeColors();
  const styles = stylesOf(data, colors.palette.length);
  const others = data.others?.names ?? [];
  if (styles.length + others.length < 2) return null;
  const all = styles.length + others.length;
  const matches = (name: string): boolean => anyCase(visibleText(name)).includes(anyCase(search.trim()));
  const found = styles.filter(({ name }) => matches(name));
  const foundOthers = others.filter(matches);
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  return (
    <div class="legend" role="group" aria-label="Series">
      {all >= SEARCH_FROM && (
        <input
          type="search"
          placeholder="Search series"
          aria-label="Search series"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
      )}
      <div class="legend-actions">
        {search.trim() !== '' && found.length > 0 && (
          <button
            type="button"
            class="link"
            onClick={() => {
              setHidden(new Set(styles.filter((style) => !found.includes(style)).map(({ key }) => key)));
            }}
          >
            Only these
          </button>
        )}
        {hidden.size > 0 && (
          <button
            type="button"
            class="link"
            onClick={() => {
              setHidden(new Set());
            }}
          >
            Show all
          </button>
        )}
        <span class="muted" role="status">
          {search.trim() === '' ? '' : `${found.length + foundOthers.length} of ${all}`}
        </span>
      </div>
      <ul>
        {found.map((style) => (
          <li key={style.key}>
            <button
              type="button"
              class="entry"
              aria-pressed={!hidden.has(style.key)}
              title={visibleText(style.name)}
              onClick={() => {
                toggle(style.key);
              }}
            >
              <Swatch style={style} color={style.color === undefined ? colors.muted : colors.palette[style.color]!} />
              <span class="name">{visibleText(style.name)}</span>
            </button>
            {also.includes(style.name) && (
              <button
                type="button"
                class="icon"
                title="Put back to the others"
                aria-label={`Put ${visibleText(style.name)} back to the others`}
                onClick={() => {
                  setAlso(also.filter((name) => name !== style.name));
                }}
              >
                <span class="codicon codicon-close" aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {foundOthers.length > 0 && (
        <>
          <p class="muted">
            {data.othersLeftOut
              ? 'Not drawn; choose one to draw it:'
              : 'Together in the others; choose one to draw it on its own:'}
          </p>
          <ul>
            {foundOthers.map((name) => (
              <li key={name}>
                <button
                  type="button"
                  class="entry"
                  title={visibleText(name)}
                  aria-label={`Draw ${visibleText(name)} on its own`}
                  onClick={() => {
                    setAlso([...also, name]);
                  }}
                >
                  <span class="codicon codicon-add" aria-hidden="true" />
                  <span class="name">{visibleText(name)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** A piece of the line as it is drawn: the colour, and the pattern where colours come again. */
function Swatch({ style, color }: { readonly style: SeriesStyle; readonly color: string }) {
  return <span class={`swatch ${style.dash}`} aria-hidden="true" style={{ '--series': color }} />;
}

function anyCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function useThemeColors(): ReturnType<typeof themeColors> {
  const [colors, setColors] = useState(themeColors);
  useEffect(() => {
    const watch = onThemeChange(() => {
      setColors(themeColors());
    });
    return () => {
      watch.dispose();
    };
  }, []);
  return colors;
}
