import type { TableName } from '../rows/table.ts';
import type { ConversionTexts } from './conversion.ts';
import * as sqlite from './sqlite.ts';
import * as sqlserver from './sqlserver.ts';

export const textsOf = ({ dialect }: Pick<TableName, 'dialect'>): ConversionTexts =>
  dialect === 'sqlite' ? sqlite.TEXTS : sqlserver.TEXTS;
