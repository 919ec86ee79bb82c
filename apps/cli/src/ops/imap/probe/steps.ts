/** Steps of a probe: each is timed, and what the server does wrong in it is a finding and no end. */
import { ImapError, type ImapProblem } from '../../imap-client/errors.ts';

export interface ProbeStep {
  /** `append`, `flag and fetch`. */
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What was seen, or what is wrong. */
  readonly message: string;
}

export interface ProbeWatcher {
  /** A step has ended. */
  step(report: ProbeStep): void;
  /** How far one is that takes long. */
  progress(step: string, done: number, total: number): void;
}

/** The server did something wrong; `message` is a sentence. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** After these there is nobody to go on with. */
const BREAKS: ReadonlySet<ImapProblem> = new Set(['closed', 'silent', 'protocol', 'unreachable']);

export class Steps {
  readonly reports: ProbeStep[] = [];
  readonly #watcher: ProbeWatcher;

  constructor(watcher: ProbeWatcher) {
    this.#watcher = watcher;
  }

  /**
   * Runs a step, whose work resolves with what was seen. Resolves with how it ended; rejects where we were stopped, or did
   * something wrong ourselves.
   */
  async run(step: string, work: () => Promise<string>): Promise<'good' | 'fault' | 'broken'> {
    const began = performance.now();
    try {
      this.note(step, began, await work());
      return 'good';
    } catch (error) {
      const isFault = error instanceof Fault;
      if (!isFault && !(error instanceof ImapError && error.problem !== 'stopped')) throw error;
      this.#end({ step, ok: false, ms: since(began), message: error.message });
      return isFault || !BREAKS.has(error.problem) ? 'fault' : 'broken';
    }
  }

  /** A step that was good. @param began when, by `performance.now()`. */
  note(step: string, began: number, message: string): void {
    this.#end({ step, ok: true, ms: since(began), message });
  }

  progress(step: string, done: number, total: number): void {
    this.#watcher.progress(step, done, total);
  }

  #end(report: ProbeStep): void {
    this.reports.push(report);
    this.#watcher.step(report);
  }
}

const since = (began: number): number => Math.round(performance.now() - began);
