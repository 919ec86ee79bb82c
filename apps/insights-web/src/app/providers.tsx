import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { Dashboard } from './dashboard.ts';

/** The whole dashboard on the page. */
export function Providers({ queryClient, router }: Dashboard) {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
