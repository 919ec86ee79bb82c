/** The token of a one-time sign-in link, from the fragment of an address (`token=…`, with or without `#`). */
export function readLinkToken(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return token === null || token === '' ? null : token;
}

/**
 * Takes the fragment out of the address bar and the history, so that the token is neither seen nor copied nor
 * reloaded. It goes past the router's own `history.replaceState`, which would take this for a navigation and give up
 * the one under way.
 */
export function hideFragment(): void {
  const { pathname, search } = window.location;
  History.prototype.replaceState.call(window.history, window.history.state, '', pathname + search);
}
