import type { EventDraft } from '@scorpiox/shared/telemetry';
import type { Attributes } from './attributes.ts';

/** What the attributes `exception.*` say (OpenTelemetry semantic conventions, "Exceptions"), taken out of them. */
export function takeException(attributes: Attributes): Pick<EventDraft, 'name' | 'message' | 'properties'> {
  const stack = attributes.take('exception.stacktrace');
  return {
    name: attributes.take('exception.type') ?? 'Exception',
    message: attributes.take('exception.message'),
    // Under the name that exceptions of Application Insights have theirs.
    properties: stack === undefined ? {} : { 'exception.stack': stack },
  };
}

export const isException = (attributes: Attributes): boolean =>
  attributes.has('exception.type') || attributes.has('exception.message');
