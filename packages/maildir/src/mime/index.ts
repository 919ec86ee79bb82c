/** What a message says: its MIME structure, its text as SEARCH sees it, and how texts are compared. Pure. */
export { casemap } from './casemap.ts';
export { selectFields } from './header-filter.ts';
export { STRUCTURE_LIMITS, type StructureLimits } from './limits.ts';
export { createMatcher, matches } from './matcher.ts';
export { decodedParameter } from './parameters.ts';
export { createStructureParser } from './parser.ts';
export { createTextExtractor, headerLine, headerTexts, headerValues, partReader } from './search-text.ts';
export { sentDate } from './sent-date.ts';
export type { MessagePart, MessageStructure, Parameter, Part, Range } from './structure.ts';
export { collapseBlanks, Scanner } from './tokens.ts';
export { isTransferEncoding, type TransferDecoder, transferDecoder } from './transfer-encoding.ts';
