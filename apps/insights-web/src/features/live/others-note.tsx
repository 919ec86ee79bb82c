import { Link } from '@tanstack/react-router';
import { Banner } from '../../components/ui/banner.tsx';
import { TEXT_LINK } from '../../components/ui/text-link.ts';

interface OthersNoteProps {
  /** Other processes of the API, by host and port. */
  readonly others: readonly string[];
  readonly q: string;
}

/** A live tail is one process's: where there are others, it says that it lacks their events, and where those are. */
export function OthersNote({ others, q }: OthersNoteProps) {
  if (others.length === 0) return null;
  return (
    <Banner
      role="status"
      look="note"
      action={
        <Link to="/explore" search={q === '' ? {} : { q }} className={TEXT_LINK}>
          All in Explore
        </Link>
      }
    >
      Only what this page’s process of the API takes is shown. What{' '}
      {others.length === 1 ? 'another takes' : `${others.length} others take`} ({others.join(', ')}) is not.
    </Banner>
  );
}
