/** What ends a process cleanly: a signal, or the parent that started it going away. */
export function onStop(stop: (reason: string) => void): void {
  let stopping = false;
  const once = (reason: string) => {
    if (stopping) return;
    stopping = true;
    stop(reason);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => once(signal));
  if (process.connected) process.on('disconnect', () => once('the parent process is gone'));
}
