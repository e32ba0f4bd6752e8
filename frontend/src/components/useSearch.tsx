/** A search box over rows: what is typed is searched for when the typing rests. */
import { SearchBox } from '@fluentui/react-components';
import { useCallback, useEffect, useState } from 'react';

interface Search {
  /** What to search for now. */
  search: string;
  box: React.JSX.Element;
  clear: () => void;
}

export function useSearch(what: string, className: string): Search {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = window.setTimeout(() => setSearch(typed.trim()), 250);
    return () => window.clearTimeout(timer);
  }, [typed]);
  const clear = useCallback(() => {
    setTyped('');
    setSearch('');
  }, []);
  const box = (
    <SearchBox
      className={className}
      aria-label={`Search ${what}`}
      placeholder="Search"
      maxLength={500}
      value={typed}
      onChange={(_, data) => setTyped(data.value)}
    />
  );
  return { search, box, clear };
}
