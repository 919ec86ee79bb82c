import type { View, ViewRequest, ViewsResponse } from '@scorpiox/shared/contract';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { flag, list, moment, record, text } from '../decode.ts';
import { command, request } from '../http.ts';

const decodeView = record<View>({
  id: text,
  name: text,
  q: text,
  from: text,
  to: text,
  columns: list(text),
  owner: text,
  changedAt: moment,
  mayChange: flag,
});

const decodeViews = record<ViewsResponse>({ views: list(decodeView) });

const viewsQuery = () =>
  queryOptions({
    queryKey: ['views'],
    queryFn: ({ signal }) => request('/api/views', decodeViews, { signal }),
  });

/** All saved views, by name. */
export const useViews = () => useQuery(viewsQuery());

/** What can be done to views; the list is asked for again after each. */
type ViewChange =
  | { readonly kind: 'add'; readonly view: ViewRequest }
  | { readonly kind: 'replace'; readonly id: string; readonly view: ViewRequest }
  | { readonly kind: 'delete'; readonly id: string };

function changeView(change: ViewChange): Promise<void> {
  if (change.kind === 'add') return command('/api/views', { method: 'POST', body: change.view });
  const path = `/api/views/${encodeURIComponent(change.id)}`;
  return change.kind === 'replace'
    ? command(path, { method: 'PUT', body: change.view })
    : command(path, { method: 'DELETE' });
}

export function useChangeView() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: changeView,
    onSuccess: () => queryClient.invalidateQueries(viewsQuery()),
  });
}
