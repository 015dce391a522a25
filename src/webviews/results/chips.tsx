import { visibleText } from '../../base/visibleText.ts';
import type { RowFilter } from '../../model/rows.ts';
import { openMenu } from '../shell/menu.tsx';
import { Button } from '../shell/parts.tsx';
import { filterLabel } from './arrangement.ts';
import type { ArrangedColumns } from './columns.ts';

/** Hidden columns with a button each; more of them are in a menu. */
const SINGLE = 3;
/** Names in that menu: one without end could not be used. */
const LISTED = 30;

/** The filters and hidden columns, each to be taken back. */
export function Chips(props: {
  readonly filters: readonly RowFilter[];
  readonly arranged: Pick<ArrangedColumns, 'hidden' | 'steppedBack'>;
  readonly filter: (filters: readonly RowFilter[]) => void;
  readonly show: (columns: readonly string[]) => void;
}) {
  const { filters, filter, show } = props;
  const { hidden, steppedBack } = props.arranged;
  if (filters.length + hidden.length + steppedBack.length === 0) return null;
  const showing = (names: readonly string[]) => (): void => {
    show(names);
  };
  const list = (button: HTMLElement): void => {
    openMenu(button, 'Hidden columns', [
      { label: `Show all ${hidden.length}`, icon: 'eye', run: showing(hidden) },
      'separator',
      ...hidden.slice(0, LISTED).map((name) => ({ label: visibleText(name), run: showing([name]) })),
    ]);
  };
  return (
    <div class="chips">
      {filters.map((one) => (
        <Button
          text
          label={filterLabel(one)}
          icon="close"
          onClick={() => {
            filter(filters.filter((other) => other !== one));
          }}
        />
      ))}
      {steppedBack.map((name) => (
        <Button
          text
          icon="eye"
          label={`Show ${visibleText(name)}: hidden, every customer has one tenant`}
          onClick={showing([name])}
        />
      ))}
      {hidden.length > SINGLE ? (
        <Button text menu icon="eye" label={`${hidden.length} hidden columns`} onClick={list} />
      ) : (
        hidden.map((name) => <Button text icon="eye" label={`Show ${visibleText(name)}`} onClick={showing([name])} />)
      )}
    </div>
  );
}
