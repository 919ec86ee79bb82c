import { useEffect } from 'react';

/** Names the page in the browser's tab. (A `<title>` of React's would come second to that of index.html, and lose.) */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Scorpiox`;
  }, [title]);
}
