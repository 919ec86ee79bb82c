import { SSE_EVENT_MAX } from '../limits.ts';

/** A server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** Reads a stream of server-sent events. What an end of the stream cuts off is none. Throws as the stream does. */
export async function* readServerSentEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: string[] = [];
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > SSE_EVENT_MAX) throw new Error('an event of the stream has no end');
    for (const line of lines.map((one) => one.replace(/\r$/, ''))) {
      if (line !== '') {
        fields.push(line);
        continue;
      }
      const event = toEvent(fields);
      fields = [];
      if (event !== undefined) yield event;
    }
  }
}

/** Undefined for one without data, as a comment that keeps the connection alive. */
function toEvent(lines: readonly string[]): ServerSentEvent | undefined {
  const valuesOf = (field: string) =>
    lines.flatMap((line) => (line.startsWith(`${field}:`) ? [line.slice(field.length + 1).replace(/^ /, '')] : []));
  const data = valuesOf('data');
  return data.length === 0 ? undefined : { event: valuesOf('event').at(-1) ?? 'message', data: data.join('\n') };
}
