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

const RARE = encodeURIComponent('app:bench-07 kind:request success:false duration:>1s');

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
  { name: 'events: the newest page of all', address: (times) => `/api/events?${lastDay(times)}` },
  {
    name: 'events: failed requests over 1 s of one application',
    address: (times) => `/api/events?${lastDay(times)}&q=${RARE}`,
  },
  {
    name: 'events: none in the last hour',
    address: (times) => `/api/events?from=now-${60 + times}m&to=now&q=user:nobody`,
  },
  {
    name: 'histogram of failed requests, last hour',
    address: (times) => `/api/events/histogram?from=now-${60 + times}m&q=success:false`,
  },
  {
    name: 'a trace by its id alone, of a day ago',
    address: (times) => `/api/traces/${String(times + 100).padStart(32, '0')}`,
  },
];
