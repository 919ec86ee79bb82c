// The thread that brings the spool to the SQL Server, by the one session of this process that writes events. Unpacking,
// sorting and the driver's work happen here, so neither clients nor the spool's commits wait for them.
import { secret } from '@scorpiox/shared/config';
import { makeSessions } from '@scorpiox/shared/database/sqlserver';
import { serveThread } from '../../threads/server.ts';
import { ParcelReceiver } from './ship-parcels.ts';
import type { ShipCalls, ShipOptions } from './ship-protocol.ts';

serveThread(({ password, ...location }: ShipOptions): { readonly [K in keyof ShipCalls]: ShipCalls[K] } => {
  const sessions = makeSessions({ ...location, password: secret(password) }, { size: 1 });
  const warnings: string[] = [];
  const receiver = new ParcelReceiver({ sessions, warn: (message) => void warnings.push(message) }, Date.now);
  return {
    deliver: async (consignment) => {
      const delivery = await receiver.deliver(consignment);
      return { delivery, deduplication: receiver.deduplication, warnings: warnings.splice(0) };
    },
    close: () => sessions.close(),
  };
});
