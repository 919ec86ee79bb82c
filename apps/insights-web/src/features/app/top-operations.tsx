import { Link } from '@tanstack/react-router';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import { Duration, FailureRate } from '../../components/ui/figures.tsx';
import { ShareBar } from '../../components/ui/share-bar.tsx';
import { useOperations } from '../../lib/api/get-operations.ts';
import { rowProps } from '../../lib/keyboard.ts';
import { TOP_ROWS } from '../../lib/limits.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useAppView } from './use-app-view.ts';

/** The operations that take the most time together. */
export function TopOperations() {
  const { app, range } = useAppView();
  const query = useOperations(app, 'operations', range, { sort: 'time', order: 'desc', limit: String(TOP_ROWS) });
  return (
    <Answer query={query} what="the operations" every={refreshEvery(range)} secondary>
      {({ pages }) => {
        const rows = pages.flatMap(({ operations }) => operations);
        if (rows.length === 0) return <Empty title="No operations in this time range" />;
        return (
          <div className="overflow-clip rounded-lg border border-line bg-surface">
            <table className="w-full table-fixed text-[0.8125rem]">
              <caption className="sr-only">The operations that take the most time</caption>
              <thead className="text-xs text-muted">
                <tr className="text-right">
                  <th scope="col" className="h-8 px-2 text-left font-medium">
                    Operation
                  </th>
                  <th scope="col" className="w-20 px-2 font-medium">
                    Failures
                  </th>
                  <th scope="col" className="w-20 px-2 font-medium">
                    p95
                  </th>
                  <th scope="col" className="w-36 px-2 font-medium max-sm:hidden">
                    Share of time
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr
                    key={row.isOther ? '' : row.name}
                    {...rowProps}
                    className="border-t border-line text-right -outline-offset-2 hover:bg-raised/60"
                  >
                    <th scope="row" className="h-8 px-2 text-left font-medium">
                      <Link
                        to="/apps/$app"
                        params={{ app }}
                        search={{ tab: 'operations', chosen: row.isOther ? undefined : row.name }}
                        title={row.name}
                        className="block truncate rounded hover:text-accent hover:underline"
                      >
                        {row.isOther ? 'All others' : row.name}
                      </Link>
                    </th>
                    <td className="px-2">
                      <FailureRate rate={row.failureRate} failures={row.failures} />
                    </td>
                    <td className="px-2">
                      <Duration ms={row.p95} />
                    </td>
                    <td className="px-2 max-sm:hidden">
                      <ShareBar share={row.share} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Answer>
  );
}
