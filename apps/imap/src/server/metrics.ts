/** What this process counts of its work, for Prometheus. No label holds a user, a mailbox or an address. */
import type { MetricsSnapshot, SessionReport } from '../admin/operator.ts';
import { COMMAND_SECONDS } from '../limits.ts';
import type { CommandName } from '../wire/command.ts';
import type { Condition } from '../wire/response.ts';
import { Counter, gauge, Histogram } from './instruments.ts';

type Protocol = SessionReport['protocol'];

const BOTH = [['imap'], ['lmtp']];
const perProtocol = (name: string, help: string): Counter => new Counter({ name, help, labels: ['protocol'] }, BOTH);

export class Metrics {
  readonly #opened = perProtocol('scorpiox_imap_connections_opened_total', 'Connections accepted.');
  readonly #refused = perProtocol('scorpiox_imap_connections_refused_total', 'Connections that were too many.');
  readonly #received = perProtocol(
    'scorpiox_imap_received_bytes_total',
    'Octets from clients, without TLS and compression.',
  );
  readonly #sent = perProtocol('scorpiox_imap_sent_bytes_total', 'Octets to clients, without TLS and compression.');
  readonly #commands = new Counter({
    name: 'scorpiox_imap_commands_total',
    help: 'Commands that ended, by name and result.',
    labels: ['command', 'result'],
  });
  readonly #seconds = new Histogram(
    {
      name: 'scorpiox_imap_command_duration_seconds',
      help: 'Time from a whole command to its answer; IDLE, which lasts as long as the client likes, left out.',
      labels: ['command'],
    },
    COMMAND_SECONDS,
  );
  readonly #unparsable = new Counter({
    name: 'scorpiox_imap_bad_commands_total',
    help: 'What clients sent that is no command.',
  });
  readonly #signIns = new Counter(
    { name: 'scorpiox_imap_sign_ins_total', help: 'Sign-ins, by result.', labels: ['result'] },
    [['good'], ['refused']],
  );
  readonly #appended = new Counter({
    name: 'scorpiox_imap_messages_appended_total',
    help: 'Messages that APPEND stored.',
  });
  readonly #recipients = new Counter(
    {
      name: 'scorpiox_imap_lmtp_recipients_total',
      help: 'Recipients of messages by LMTP: stored, or why not.',
      labels: ['result'],
    },
    [['stored']],
  );
  readonly #troubles = new Counter({
    name: 'scorpiox_imap_troubles_total',
    help: 'What went wrong in the server; the log says more of each.',
  });

  opened(protocol: Protocol): void {
    this.#opened.add(1, protocol);
  }

  refused(protocol: Protocol): void {
    this.#refused.add(1, protocol);
  }

  received(protocol: Protocol, octets: number): void {
    this.#received.add(octets, protocol);
  }

  sent(protocol: Protocol, octets: number): void {
    this.#sent.add(octets, protocol);
  }

  command(name: CommandName, condition: Condition, durationMs: number): void {
    this.#commands.add(1, name, condition);
    if (name !== 'IDLE') this.#seconds.observe(durationMs / 1000, name);
  }

  badCommand(): void {
    this.#unparsable.add(1);
  }

  signIn(result: 'good' | 'refused'): void {
    this.#signIns.add(1, result);
  }

  appended(messages: number): void {
    this.#appended.add(messages);
  }

  /** @param result `stored`, or one of the store's error codes. */
  recipient(result: string): void {
    this.#recipients.add(1, result);
  }

  trouble(): void {
    this.#troubles.add(1);
  }

  families(): MetricsSnapshot {
    return [
      this.#opened,
      this.#refused,
      this.#received,
      this.#sent,
      this.#commands,
      this.#seconds,
      this.#unparsable,
      this.#signIns,
      this.#appended,
      this.#recipients,
      this.#troubles,
    ].map((instrument) => instrument.family());
  }
}

/** What the connections of this moment are like. */
export function sessionFamilies(reports: readonly SessionReport[]): MetricsSnapshot {
  const connections = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const { protocol, tls, state } of reports) {
    const labels = { protocol, tls: tls?.protocol ?? 'none', state };
    const key = Object.values(labels).join(' ');
    const series = connections.get(key) ?? { labels, value: 0 };
    series.value += 1;
    connections.set(key, series);
  }
  const sum = (of: (report: SessionReport) => number) => reports.reduce((all, report) => all + of(report), 0);
  return [
    {
      type: 'gauge',
      name: 'scorpiox_imap_connections',
      help: 'Open connections, by protocol, TLS version and state.',
      together: 'sum',
      series: [...connections.values()],
    },
    gauge(
      'scorpiox_imap_idle_sessions',
      'Sessions in IDLE.',
      sum(({ command }) => (command?.name === 'IDLE' ? 1 : 0)),
    ),
    gauge(
      'scorpiox_imap_held_bytes',
      'Octets held for clients: received and not handled, or yet to be taken.',
      sum(({ heldOctets }) => heldOctets),
    ),
    gauge(
      'scorpiox_imap_oldest_command_seconds',
      'Age of the oldest command that runs, IDLE left out.',
      reports.reduce(
        (worst, { command }) =>
          command === null || command.name === 'IDLE' ? worst : Math.max(worst, command.ageMs / 1000),
        0,
      ),
      'max',
    ),
  ];
}
