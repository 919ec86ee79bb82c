import type { ExceptionGroup, ExceptionsResponse } from '@scorpiox/shared/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Sparkline } from '../../components/charts/sparkline.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { ShowMore } from '../../components/states/show-more.tsx';
import { Empty } from '../../components/states/states.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Count, MomentAgo } from '../../components/ui/figures.tsx';
import { TEXT_LINK } from '../../components/ui/text-link.ts';
import { useExceptions } from '../../lib/api/get-exceptions.ts';
import { eventsQuery } from '../../lib/events-address.ts';
import { formatCount, formatExact, formatStep } from '../../lib/format.ts';
import { rowProps } from '../../lib/keyboard.ts';
import { PAGE_ROWS, TOP_ROWS } from '../../lib/limits.ts';
import { passedSteps } from '../../lib/passed-steps.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useServerNow } from '../../lib/use-server-now.ts';
import { useAppView } from './use-app-view.ts';

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="wrap-anywhere">{children}</dd>
  </div>
);

/** Where to look on: what else happened in its operation, and the others of its type. */
function Ways({ group }: { readonly group: ExceptionGroup }) {
  const { app } = useAppView();
  const operation = group.newest?.operationId ?? null;
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1">
      {operation !== null && (
        <Link to="/traces/$id" params={{ id: operation }} search={{ near: group.newest?.time }} className={TEXT_LINK}>
          What else happened in its operation
        </Link>
      )}
      {!group.isOther && (
        <Link
          to="/explore"
          search={{ q: eventsQuery({ app, kind: 'exception', name: group.type }) }}
          className={TEXT_LINK}
        >
          All events of this type
        </Link>
      )}
    </p>
  );
}

/** The newest exception of a group in full. */
function Newest({ group }: { readonly group: ExceptionGroup }) {
  const { newest } = group;
  if (newest === null) return <p className="text-soft">The newest of them is no longer kept.</p>;
  return (
    <>
      {newest.message !== null && <p className="font-medium wrap-anywhere">{newest.message}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
        <Fact name="First seen">{formatExact(Date.parse(group.firstSeen))}</Fact>
        <Fact name="Newest">{formatExact(Date.parse(newest.time))}</Fact>
        <Fact name="Instance">{newest.instance ?? '–'}</Fact>
        <Fact name="Version">{newest.version ?? '–'}</Fact>
      </dl>
      {newest.stack === null ? (
        <p className="text-soft">Its sender told of no stack.</p>
      ) : (
        <CodeBlock label="Newest stack" code={newest.stack} />
      )}
      {newest.inner !== null && <CodeBlock label="Inner exceptions" code={newest.inner} />}
    </>
  );
}

const users = ({ count, isExact }: ExceptionGroup['users']): string =>
  `${isExact ? '' : '~'}${formatCount(count)} ${count === 1 ? 'user' : 'users'}`;

interface GroupProps {
  readonly group: ExceptionGroup;
  /** The answer that it is part of. */
  readonly page: ExceptionsResponse;
  /** Milliseconds since 1970. */
  readonly now: number;
}

function Group({ group, page: { start, stepSeconds }, now }: GroupProps) {
  const end = Date.parse(start) + group.sparkline.length * stepSeconds * 1000;
  const passed = passedSteps(group.sparkline, end, now, stepSeconds);
  return (
    <details {...rowProps} className="group border-t border-line text-[0.8125rem] first:border-t-0">
      <summary className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-3 py-2 -outline-offset-2 hover:bg-raised/60 md:grid-cols-[minmax(0,1fr)_8rem_6rem_6rem_7rem]">
        <span className="min-w-0">
          <span className="flex items-center gap-2">
            <span className="truncate font-medium" title={group.type}>
              {group.isOther ? 'All others' : group.type}
            </span>
            {group.isNew && <span className="rounded bg-fail-tint px-1.5 text-xs font-medium text-fail">new</span>}
          </span>
          <span className="block truncate text-xs text-soft" title={group.newest?.message ?? undefined}>
            {group.newest?.message}
          </span>
          <span className="block truncate font-mono text-xs text-muted" title={group.place}>
            {group.place}
          </span>
        </span>
        <Sparkline
          values={passed}
          label={`Per ${formatStep(stepSeconds)}: at most ${formatCount(Math.max(0, ...passed))}`}
          className="h-6 w-full max-md:hidden"
        />
        <span className="text-right">
          <Count value={group.count} />
          <span className="text-muted">{group.count === 1 ? ' time' : ' times'}</span>
        </span>
        <span className="text-right text-soft max-md:hidden">{group.users.count === 0 ? '–' : users(group.users)}</span>
        <span className="text-right text-soft max-md:col-span-2 max-md:text-left">
          <span className="text-muted md:sr-only">Last seen </span>
          <MomentAgo at={group.lastSeen} now={now} />
          {group.users.count > 0 && <span className="text-muted md:hidden"> · {users(group.users)}</span>}
        </span>
      </summary>
      <div className="flex flex-col gap-3 border-t border-line bg-canvas px-3 py-3">
        <Newest group={group} />
        <Ways group={group} />
      </div>
    </details>
  );
}

interface GroupsProps {
  readonly data: InfiniteData<ExceptionsResponse>;
  readonly updatedAt: number;
}

function Groups({ data, updatedAt }: GroupsProps) {
  const [page] = data.pages;
  const now = useServerNow(page?.now ?? new Date().toISOString(), updatedAt);
  const groups = data.pages.flatMap((one) => one.groups);
  if (page === undefined || groups.length === 0) {
    return <Empty title="No exceptions in this time range">Those that it reports appear here by type and place.</Empty>;
  }
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface">
      {groups.map((group) => (
        <Group key={group.id} group={group} page={page} now={now} />
      ))}
    </div>
  );
}

interface ExceptionListProps {
  readonly sort: string;
  /** Only the first few. */
  readonly few?: boolean;
}

/** Exceptions by type and place; each opens to the newest of its kind. */
export function ExceptionList({ sort, few = false }: ExceptionListProps) {
  const { app, range } = useAppView();
  const query = useExceptions(app, range, sort, few ? TOP_ROWS : PAGE_ROWS);
  return (
    <>
      <Answer query={query} what="the exceptions" every={refreshEvery(range)} secondary={few}>
        {(data) => <Groups data={data} updatedAt={query.dataUpdatedAt} />}
      </Answer>
      {!few && (
        <ShowMore
          query={query}
          shown={query.data?.pages.flatMap(({ groups }) => groups).length ?? 0}
          total={query.data?.pages[0]?.total.groups ?? 0}
        />
      )}
    </>
  );
}
