/** A page's address as others should get it: with the span that is shown now, so that they see the same events. Pure. */
export function shareAddress(href: string, span: { readonly from: string; readonly to: string } | undefined): string {
  const url = new URL(href);
  if (span !== undefined) {
    url.searchParams.delete('range');
    url.searchParams.set('from', span.from);
    url.searchParams.set('to', span.to);
  }
  return url.href;
}
