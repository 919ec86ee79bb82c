import { asFields, asText, type Fields, textMap } from './fields.ts';

/** What an ExceptionData says: the outermost exception as the event, those inside it as properties. */
interface ExceptionFields {
  readonly name: string;
  readonly message: string | undefined;
  readonly properties: Record<string, string>;
}

export function readException(base: Fields): ExceptionFields {
  const chain = (Array.isArray(base.exceptions) ? base.exceptions : []).map((one: unknown) => asFields(one) ?? {});
  const [outer = {}, ...inner] = chain;
  return {
    name: asText(outer.typeName) ?? 'Exception',
    message: asText(outer.message),
    properties: textMap({
      'exception.stack': stackOf(outer),
      'exception.problemId': base.problemId,
      'exception.inner': inner.map(describeInner).join('\n\n'),
    }),
  };
}

function describeInner(exception: Fields): string {
  const head = [asText(exception.typeName), asText(exception.message)].filter((part) => part !== undefined).join(': ');
  return [head, stackOf(exception)].filter((part) => part !== '').join('\n');
}

/** The stack as text: as it was sent, or its frames a line each. */
function stackOf(exception: Fields): string {
  const text = asText(exception.stack);
  if (text !== undefined) return text;
  const frames = Array.isArray(exception.parsedStack) ? exception.parsedStack : [];
  return frames.map((frame: unknown) => describeFrame(asFields(frame) ?? {})).join('\n');
}

function describeFrame(frame: Fields): string {
  const place = [asText(frame.fileName), asText(frame.line)].filter((part) => part !== undefined).join(':');
  return `at ${asText(frame.method) ?? '?'}${place === '' ? '' : ` (${place})`}`;
}
