/** Files of a folder that are not shown: whose names are no UTF-8, and symbolic links. Counted, and told when there are others. */
import type { Folder, StoreContext } from '../context.ts';
import type { Scan } from './scan.ts';

export class Refused {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  #unreadable = 0;
  #links = 0;

  constructor(context: StoreContext, folder: Folder) {
    this.#context = context;
    this.#folder = folder;
  }

  /** What a reading of the whole folder has found. */
  told({ unreadable, links }: Pick<Scan, 'unreadable' | 'links'>): void {
    if (unreadable !== this.#unreadable) this.#tellUnreadable(unreadable);
    if (links !== this.#links) this.#tellLinks(links);
  }

  /** A look at single files has met a link. */
  foundLink(): void {
    this.#tellLinks(this.#links + 1);
  }

  #tellUnreadable(count: number): void {
    const { log, stats } = this.#context;
    stats.unreadableNames += Math.max(0, count - this.#unreadable);
    this.#unreadable = count;
    const message = `${count} files in ${this.#folder.path} are not shown: their names are no UTF-8.`;
    if (count > 0) log({ level: 'warn', code: 'unreadable-names', message });
  }

  #tellLinks(count: number): void {
    const { log, stats } = this.#context;
    stats.linkedFiles += Math.max(0, count - this.#links);
    this.#links = count;
    const message = `${count} symbolic links in ${this.#folder.path} are not shown: a message is a file. Copy them here.`;
    if (count > 0) log({ level: 'warn', code: 'linked-files', message });
  }
}
