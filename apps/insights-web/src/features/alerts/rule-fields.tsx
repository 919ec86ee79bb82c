import type { AlertCondition, AlertRule } from '@scorpiox/shared/contract';
import { type ComponentProps, useState } from 'react';
import { CheckField, SelectField, TextField } from '../../components/ui/field.tsx';
import { AGGREGATES } from '../../lib/api/alerts.ts';

const KINDS: readonly { readonly kind: AlertCondition['kind']; readonly name: string }[] = [
  { kind: 'failure-rate', name: 'Requests fail' },
  { kind: 'p95', name: 'Requests are slow (p95)' },
  { kind: 'silence', name: 'An application is silent' },
  { kind: 'new-exception', name: 'An exception is new' },
  { kind: 'metric', name: 'A metric passes a limit' },
  { kind: 'backlog', name: 'Events wait to be written' },
];

const Minutes = (props: ComponentProps<typeof TextField>) => (
  <TextField type="number" min={1} max={1440} required {...props} />
);

function Enough({ condition }: { readonly condition: AlertCondition | undefined }) {
  const { minRequests, windowMinutes } =
    condition !== undefined && 'minRequests' in condition ? condition : { minRequests: 20, windowMinutes: 5 };
  return (
    <>
      <Minutes label="Within minutes" name="windowMinutes" defaultValue={windowMinutes} />
      <TextField
        label="Of at least requests"
        name="minRequests"
        type="number"
        min={1}
        max={1_000_000}
        required
        defaultValue={minRequests}
      />
    </>
  );
}

function MetricThreshold({
  condition,
}: {
  readonly condition: Extract<AlertCondition, { kind: 'metric' }> | undefined;
}) {
  return (
    <>
      <TextField label="Metric" name="metric" required maxLength={256} defaultValue={condition?.metric ?? ''} />
      <SelectField label="Of it" name="of" defaultValue={condition?.of ?? 'avg'}>
        {AGGREGATES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <Minutes label="Within minutes" name="windowMinutes" defaultValue={condition?.windowMinutes ?? 5} />
      <SelectField label="Is" name="direction" defaultValue={condition?.direction ?? 'above'}>
        <option value="above">above</option>
        <option value="below">below</option>
      </SelectField>
      <TextField label="Limit" name="limit" type="number" step="any" required defaultValue={condition?.limit ?? ''} />
    </>
  );
}

interface ThresholdProps {
  readonly kind: AlertCondition['kind'];
  readonly condition: AlertCondition | undefined;
}

function Threshold({ kind, condition }: ThresholdProps) {
  const same = condition?.kind === kind ? condition : undefined;
  switch (kind) {
    case 'failure-rate':
      return (
        <>
          <TextField
            label="More than per cent"
            name="abovePercent"
            type="number"
            min={0}
            max={99.9}
            step="any"
            required
            defaultValue={same?.kind === 'failure-rate' ? same.abovePercent : 10}
          />
          <Enough condition={same} />
        </>
      );
    case 'p95':
      return (
        <>
          <TextField
            label="More than milliseconds"
            name="aboveMs"
            type="number"
            min={1}
            max={86_400_000}
            required
            defaultValue={same?.kind === 'p95' ? same.aboveMs : 1000}
          />
          <Enough condition={same} />
        </>
      );
    case 'silence':
      return (
        <Minutes
          label="For minutes"
          name="minutes"
          max={10_080}
          defaultValue={same?.kind === 'silence' ? same.minutes : 15}
        />
      );
    case 'new-exception':
      return (
        <Minutes
          label="Within minutes"
          name="windowMinutes"
          defaultValue={same?.kind === 'new-exception' ? same.windowMinutes : 5}
        />
      );
    case 'metric':
      return <MetricThreshold condition={same?.kind === 'metric' ? same : undefined} />;
    case 'backlog':
      return (
        <TextField
          label="More than events"
          name="aboveEvents"
          type="number"
          min={1}
          max={1_000_000_000}
          required
          defaultValue={same?.kind === 'backlog' ? same.aboveEvents : 10_000}
        />
      );
  }
}

interface RuleFieldsProps {
  /** The rule that is changed; absent for a new one. */
  readonly rule?: AlertRule | undefined;
  readonly apps: readonly string[];
  /** Whom mails go to. */
  readonly mailTo: readonly string[];
}

/** The form of a rule. */
export function RuleFields({ rule, apps, mailTo }: RuleFieldsProps) {
  const [kind, setKind] = useState(rule?.condition.kind ?? 'failure-rate');
  const choose = (value: string): void => setKind(KINDS.find((one) => one.kind === value)?.kind ?? 'failure-rate');
  return (
    <>
      <TextField label="Name" name="name" required maxLength={100} defaultValue={rule?.name ?? ''} />
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <SelectField label="When" name="kind" value={kind} onChange={(event) => choose(event.target.value)}>
          {KINDS.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.name}
            </option>
          ))}
        </SelectField>
        {kind !== 'backlog' && (
          <SelectField label="Of" name="app" defaultValue={rule?.app ?? ''}>
            {kind !== 'metric' && <option value="">every application</option>}
            {apps.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-3">
        <Threshold kind={kind} condition={rule?.condition} />
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Minutes
          label="Tell when bad for minutes"
          name="forMinutes"
          min={0}
          defaultValue={rule?.forMinutes ?? 5}
          hint="0: at once."
        />
        <Minutes
          label="Over when good for minutes"
          name="resolveMinutes"
          defaultValue={rule?.resolveMinutes ?? 5}
          hint="Good is 90 % of the threshold or less."
        />
      </div>
      <CheckField
        label={mailTo.length === 0 ? 'Send a mail' : `Send a mail to ${mailTo.join(', ')}`}
        name="mail"
        defaultChecked={rule?.mail ?? true}
      />
      <TextField
        label="Webhook"
        name="webhook"
        type="url"
        maxLength={2048}
        placeholder="https://"
        defaultValue={rule?.webhook ?? ''}
        hint="Gets every message as JSON. Leave it empty for none."
      />
      <CheckField label="Turned on" name="enabled" defaultChecked={rule?.enabled ?? true} />
    </>
  );
}
