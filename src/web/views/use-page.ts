/** The page, for the views. */
import { useSelector } from '@xstate/store-react';
import { createContext, use } from 'react';
import type { Page } from '../page.ts';
import type { PageState } from '../state/page-store.ts';

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = use(PageContext);
  if (!page) throw new Error('There is no page around this view.');
  return page;
}

/** What of the page's state a view shows; it is drawn anew when that is another. */
export function usePageState<Part>(select: (state: PageState) => Part): Part {
  return useSelector(usePage().store, ({ context }) => select(context));
}
