// The one thread of this process that writes the spool: clients' answers wait for its commits and for nothing else.
import { fromWire } from '../../store/wire-submissions.ts';
import { serveThread } from '../../threads/server.ts';
import { Spool, type SpoolOptions } from './spool.ts';
import type { SpoolCalls } from './spool-protocol.ts';

serveThread((options: SpoolOptions): { readonly [K in keyof SpoolCalls]: SpoolCalls[K] } => {
  const spool = new Spool(options);
  return {
    append: (submissions) => spool.append(fromWire(submissions)),
    take: (events) => spool.take(events),
    remove: (shipped) => spool.remove(shipped),
    setAside: (found) => spool.setAside(found),
    setDamaged: (found) => spool.setDamaged(found),
    adopt: () => spool.adopt(),
    contents: () => spool.contents(),
    aside: (most) => spool.aside(most),
    close: () => spool.close(),
  };
});
