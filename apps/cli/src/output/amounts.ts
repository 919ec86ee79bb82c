// Findings of ops/ tell sizes and times as well, and ops/ knows nothing of output/.
export { tellBytes, tellTime } from '../ops/amounts.ts';
