import { ExceptionList } from './exception-list.tsx';
import { useAppView } from './use-app-view.ts';

const ORDERS = [
  { id: 'lastSeen', name: 'last seen' },
  { id: 'firstSeen', name: 'first seen' },
  { id: 'count', name: 'how often' },
  { id: 'users', name: 'users met' },
] as const;

/** All exceptions of an application by type and place. */
export function ExceptionsTab() {
  const { search, change } = useAppView();
  const order = ORDERS.find(({ id }) => id === search.sort) ?? ORDERS[0];
  return (
    <>
      <label className="mb-3 flex w-fit items-center gap-2 text-[0.8125rem] text-muted">
        Order by
        <select
          value={order.id}
          onChange={({ target }) => change({ sort: target.value === ORDERS[0].id ? undefined : target.value })}
          className="h-8 rounded-md border border-edge bg-surface px-2 text-ink pointer-coarse:h-10"
        >
          {ORDERS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ExceptionList sort={order.id} />
    </>
  );
}
