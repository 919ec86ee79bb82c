export type { Console, ConsoleOptions, Ran, Row, Run, Statement, Value } from './console.ts';
export { ConsoleError, type ConsoleErrorCode } from './errors.ts';
export { nameOf, openConsole } from './open.ts';
