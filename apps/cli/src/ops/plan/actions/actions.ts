import { Actions } from '../action.ts';
import { importMail, removeImported } from './import-mail.ts';
import { move } from './move.ts';

/** Every kind of deed that a plan may have. A kind keeps its name and its data: journals hold them. */
export const ACTIONS = new Actions([move, importMail(), removeImported]);
