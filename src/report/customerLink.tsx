/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerKey } from '../model/ids.ts';
import type { ReportActions } from './actions.ts';

/** A customer's name, which opens its page where there is one to open: in a file it is a name alone. */
export function CustomerLink(props: {
  readonly of: CustomerKey;
  readonly name: string;
  readonly actions?: ReportActions | undefined;
}) {
  const { of, name, actions } = props;
  if (!actions) return <>{name}</>;
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        actions.openCustomer(of);
      }}
    >
      {name}
    </button>
  );
}
