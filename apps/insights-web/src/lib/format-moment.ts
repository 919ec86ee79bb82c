const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** A moment as day and time of day to the millisecond, in the time zone of the browser: `03-21`, `23:04:05.108`. */
export function formatExactMs(iso: string): readonly [day: string, clock: string] {
  const at = new Date(iso);
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
  return [`${pad(at.getMonth() + 1)}-${pad(at.getDate())}`, clock];
}
