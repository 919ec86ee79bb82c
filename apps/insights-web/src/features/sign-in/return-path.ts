import { RETURN_PATH_MAX } from '../../lib/limits.ts';

const HOME = '/apps';
const HERE = 'http://dashboard.invalid';

/**
 * Where to go after a sign-in: the path that was asked for if it is one of the dashboard's own, else the start page.
 * An address elsewhere (`//host`, `/\host`, `https:…`, with tabs or line ends that browsers drop) is never followed.
 */
export function safeReturnPath(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > RETURN_PATH_MAX || !/^\/(?![/\\])/.test(wanted)) return HOME;
  if (!URL.canParse(wanted, HERE)) return HOME;
  const url = new URL(wanted, HERE);
  if (url.origin !== HERE || url.pathname.startsWith('//') || url.pathname === '/sign-in') return HOME;
  return url.pathname + url.search;
}
