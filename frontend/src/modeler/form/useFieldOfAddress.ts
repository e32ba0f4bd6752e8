/** The way from a problem to its field: the address names it, the form goes there. */
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';

const focusable = 'input, textarea, [contenteditable="true"], button:not(.fui-InfoButton), [tabindex="0"]';

/** Goes to the field that the address names (`?field=`), as a click on a problem does. */
export function useFieldOfAddress(path: string): React.RefObject<HTMLDivElement | null> {
  const form = useRef<HTMLDivElement>(null);
  const [query] = useSearchParams();
  const wanted = query.get('field');
  useEffect(() => {
    if (!wanted || !wanted.startsWith(path)) return;
    const parts = wanted.split('.');
    for (let length = parts.length; length > 0; length -= 1) {
      const at = CSS.escape(parts.slice(0, length).join('.'));
      const found = form.current?.querySelector<HTMLElement>(`[data-field="${at}"]`);
      if (!found) continue;
      found.scrollIntoView({ block: 'center' });
      found.querySelector<HTMLElement>(focusable)?.focus();
      return;
    }
  }, [wanted, path]);
  return form;
}
