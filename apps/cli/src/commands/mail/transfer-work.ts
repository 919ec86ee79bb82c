import type { Failure } from '../../ops/failure.ts';
import type { Import } from '../../ops/mail/import/import.ts';
import type { Report } from '../../ops/transfer/report.ts';
import { count } from '../count.ts';
import type { Work } from '../plan/carry-out.ts';

/** Mail that is brought from one place to another, as the work of a plan. */
export function transferWork(planned: Pick<Import, 'begin'>): Work {
  let report: Report | undefined;
  return {
    unit: 'messages',
    begin: (progress) => {
      const begun = planned.begin({
        onProgress: progress.update,
        onTrouble: ({ folder, where, reason }) => progress.print(`${folder}, ${where}: ${reason}`),
      });
      report = begun.report;
      return begun.actions;
    },
    end: () => tellReport(report),
  };
}

/** What became of a transfer, for people and for programs. */
export function tellReport(report: Report | undefined) {
  const { brought = 0, there = 0, refused = 0, reduced = 0 } = report?.sum ?? {};
  const data = { brought, there, refused };
  const without = reduced === 0 ? '' : ` ${count(reduced, 'message')} came without all of their keywords.`;
  const told = `${count(brought, 'message')} brought over, ${there.toLocaleString('en')} there already, ${refused.toLocaleString('en')} not brought over.${without}`;
  const lists = { folders: report?.folders ?? [], troubles: report?.troubles ?? [] };
  const failure: { readonly failure?: Failure } = refused === 0 ? {} : { failure: partly(refused) };
  return { told, data, lists, ...failure };
}

const partly = (refused: number): Failure => ({
  kind: 'partly-done',
  message: `${count(refused, 'message')} could not be brought over; each is named above.`,
});
