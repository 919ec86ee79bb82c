import { err, ok, type Result } from '@scorpiox/shared/result';
import { RESOURCE_ATTRIBUTE_BYTES, RESOURCE_BYTES } from '../../../limits.ts';
import type { Drop } from '../../pipeline/reasons.ts';
import { Attributes } from './attributes.ts';
import type { Resource, Scope } from './messages.ts';

/** What all records of one resource and one instrumentation scope have in common. */
export interface Source {
  /** Names the application under a shared key only. */
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly version: string | undefined;
  /** The other attributes, and `otel.scope.*`; `service.name` too, which an application's own key does not listen to. */
  readonly properties: Readonly<Record<string, string>>;
  readonly scopeName: string | undefined;
}

/**
 * Every record of a batch gets a copy of these, so they are bounded before there are any: a megabyte of them in each of
 * 20,000 spans would be one small body and 20 GB of events.
 */
export function sourceOf(resource: Resource | undefined, scope: Scope | undefined): Result<Source, Drop> {
  const own = new Attributes(resource?.attributes ?? []);
  const service = own.peek('service.name');
  const instance = own.take('service.instance.id');
  const version = own.take('service.version');
  const properties = {
    ...own.texts(),
    ...new Attributes(scope?.attributes ?? []).texts(),
    ...(scope?.name ? { 'otel.scope.name': scope.name } : {}),
    ...(scope?.version ? { 'otel.scope.version': scope.version } : {}),
  };
  const source = { app: service, instance, version, properties, scopeName: scope?.name || undefined };
  const texts = Object.entries({ ...properties, instance: instance ?? '', version: version ?? '' });
  const bytes = texts.reduce((sum, [key, text]) => sum + RESOURCE_ATTRIBUTE_BYTES + key.length + text.length, 0);
  if (bytes <= RESOURCE_BYTES) return ok(source);
  return err({
    reason: 'resource-too-large',
    message: `The attributes of a resource take ${RESOURCE_BYTES} bytes at most.`,
  });
}
