import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { useHealth } from '../../lib/api/get-health.ts';
import { REFRESH_LONG_MS } from '../../lib/limits.ts';
import { AdviceList } from './advice-list.tsx';
import { AppsPanel } from './apps-panel.tsx';
import { OperationsPanel, SlowestPanel } from './operations-panel.tsx';
import { Tiles } from './tiles.tsx';
import { WorkList } from './work-list.tsx';

/** `/health`: the platform on itself. */
export function HealthPage() {
  const query = useHealth();
  const { data, dataUpdatedAt } = query;
  return (
    <>
      <PageHeader
        title="Health"
        tabTitle={data?.status === 'degraded' ? 'Degraded' : 'Health'}
        note={data === undefined ? undefined : data.status === 'ok' ? 'all parts work' : 'degraded'}
        updatedAt={dataUpdatedAt}
        range={false}
      />
      <Answer query={query} what="the platform’s health" every={REFRESH_LONG_MS}>
        {(health) => (
          <>
            <AdviceList advice={health.platform.advice} />
            <Tiles health={health} />
            <WorkList work={health.work} />
            <OperationsPanel operations={health.platform.operations} />
            <SlowestPanel slowest={health.platform.slowest} />
            <AppsPanel apps={health.apps} ownerless={health.ownerless} />
          </>
        )}
      </Answer>
    </>
  );
}
