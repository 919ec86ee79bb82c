import { branchActions } from '../../branches/trash/kinds.ts';
import { databaseActions } from '../../db/actions/actions.ts';
import { NO_DATABASES } from '../../db/actions/database-action.ts';
import { migrateDatabase } from '../../db/move/actions.ts';
import { exchangeDatabases, restoreDatabase } from '../../db/restore/actions.ts';
import { bringMailBack, finishRestore, stageMail } from '../../mail/restore/actions.ts';
import { refsActions } from '../../refs/change/kinds.ts';
import { Actions } from '../action.ts';
import { removeAccount, restoreAccount } from './account.ts';
import { adoptAccount, removeAdopted } from './adopt-account.ts';
import { setDate, setMode, setOwner } from './attributes.ts';
import { makeDirectory, removeDirectory } from './directory.ts';
import { importMail, removeImported } from './import-mail.ts';
import { moveMail, removeMail } from './mail/home.ts';
import { makeIndex, moveIndexFile } from './mail/index-file.ts';
import { setMailboxNumbersAction } from './mail/numbers.ts';
import { renameWithRow } from './mail/rename-message.ts';
import { move } from './move.ts';

/** Every kind of deed that a plan may have. A kind keeps its name and its data: journals hold them. */
export const ACTIONS = new Actions([
  move,
  makeDirectory,
  removeDirectory,
  setMode,
  setOwner,
  setDate,
  renameWithRow,
  moveIndexFile,
  makeIndex,
  setMailboxNumbersAction,
  importMail(),
  removeImported,
  stageMail,
  finishRestore,
  bringMailBack,
  adoptAccount(),
  removeAdopted,
  removeAccount,
  restoreAccount,
  moveMail,
  removeMail,
  ...databaseActions(NO_DATABASES), // a command that knows how they are opened has its own (../../db/actions/with-databases.ts)
  ...branchActions,
  restoreDatabase,
  exchangeDatabases,
  ...refsActions,
  migrateDatabase(),
]);
