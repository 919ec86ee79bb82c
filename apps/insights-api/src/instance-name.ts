import { hostname } from 'node:os';

/** Names an API process as operators know it: `db1:8080`. */
export const instanceName = (port: number): string => `${hostname().slice(0, 48)}:${port}`;
