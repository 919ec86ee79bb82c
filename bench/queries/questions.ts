// What is asked: a name, and the address for the n-th time of asking. Each time the span is another one, as an answer is
// given again for two seconds.

export interface AskedRoute {
  readonly name: string;
  readonly address: (times: number) => string;
}

/** The last day, up to some minutes ago. */
const lastDay = (times: number): string => `from=now-${24 * 60 + times}m&to=now-${times}m`;
const lastWeek = (times: number): string => `from=now-${7 * 24 + times}h&to=now-${times}h`;
const ofApp = (route: string) => (times: number) => `/api/apps/bench-07/${route}?${lastDay(times)}`;

export const ROUTES: readonly AskedRoute[] = [
  { name: '/api/apps, 24 h', address: (times) => `/api/apps?${lastDay(times)}` },
  { name: '/api/apps, 7 d', address: (times) => `/api/apps?${lastWeek(times)}` },
  { name: '/api/map, 24 h', address: (times) => `/api/map?${lastDay(times)}` },
  { name: 'overview of an application, 24 h', address: ofApp('overview') },
  { name: 'its operations', address: ofApp('operations') },
  { name: 'its dependencies', address: ofApp('dependencies') },
  { name: 'its exceptions', address: ofApp('exceptions') },
  { name: 'its latency', address: ofApp('latency') },
  { name: 'its instances', address: ofApp('instances') },
  {
    name: 'timeline of one of its operations',
    address: (times) => `${ofApp('timeline')(times)}&operation=GET%20%2Foperation%2F3`,
  },
];
