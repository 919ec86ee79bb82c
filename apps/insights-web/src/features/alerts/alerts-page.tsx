import type { AlertsResponse } from '@scorpiox/shared/contract';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { Banner } from '../../components/ui/banner.tsx';
import { useAlerts } from '../../lib/api/alerts.ts';
import { useSession } from '../../lib/api/get-session.ts';
import { REFRESH_LONG_MS } from '../../lib/limits.ts';
import { HistoryPanel } from './history-panel.tsx';
import { MessagesPanel } from './messages-panel.tsx';
import { NowPanel } from './now-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';

const count = (data: AlertsResponse, status: 'firing' | 'pending'): number =>
  data.rules.flatMap(({ subjects }) => subjects).filter((subject) => subject.status === status).length;

function summary(data: AlertsResponse): string {
  const [firing, pending] = [count(data, 'firing'), count(data, 'pending')];
  const parts = [...(firing > 0 ? [`${firing} firing`] : []), ...(pending > 0 ? [`${pending} pending`] : [])];
  return parts.length > 0 ? parts.join(' · ') : data.rules.length > 0 ? 'all well' : '';
}

function Problems({ data }: { readonly data: AlertsResponse }) {
  const usesMail = data.rules.some(({ enabled, mail }) => enabled && mail);
  return (
    <>
      {data.problem !== null && (
        <Banner role="status">
          Rules could not be looked at: {data.problem} It is tried again every minute; until then nothing changes here.
        </Banner>
      )}
      {data.mailProblem !== null && usesMail && (
        <Banner role="status" look="note">
          {data.mailProblem}
        </Banner>
      )}
    </>
  );
}

/** `/alerts`. */
export function AlertsPage() {
  const query = useAlerts();
  const isAdmin = useSession().data?.role === 'admin';
  const { data, dataUpdatedAt: updatedAt } = query;
  const firing = data === undefined ? 0 : count(data, 'firing');
  return (
    <>
      <PageHeader
        title="Alerts"
        tabTitle={`${firing > 0 ? `(${firing}) ` : ''}Alerts`}
        note={data === undefined ? undefined : summary(data)}
        updatedAt={updatedAt}
        range={false}
      />
      <Answer query={query} what="the alerts" every={REFRESH_LONG_MS}>
        {(answer) => (
          <>
            <Problems data={answer} />
            <NowPanel rules={answer.rules} />
            <RulesPanel data={answer} isAdmin={isAdmin} />
            <MessagesPanel deliveries={answer.deliveries} />
            <HistoryPanel />
          </>
        )}
      </Answer>
    </>
  );
}
