export { type Completion, type CompletionOption, completeQuery } from './complete.ts';
export { makeMatcher, makePredicate, type Subject, toJsonPattern } from './evaluate.ts';
export { FIELDS, type FieldName, type FieldSpec, type FieldType, findField } from './fields.ts';
export { MAX_QUERY_LENGTH } from './limits.ts';
export { appsNamed, forApp, kindsOf } from './narrow.ts';
export { parsePlace, parseQuery } from './parse.ts';
export { printPlace, printQuery, printValue } from './print.ts';
export type { Bound, ParsedQuery, Pattern, Place, Query, QueryError, Test } from './query.ts';
