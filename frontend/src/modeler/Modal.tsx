/** A dialog that is open for as long as it is shown, and gives the focus back to where it was. */
import { Dialog, type DialogProps } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

export function Modal(props: Omit<DialogProps, 'open'>): React.JSX.Element {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Fluent gives it to whatever trigger of a menu or tooltip had it last. A dialog that follows keeps it.
      setTimeout(() => {
        if (!document.activeElement?.closest('[role="dialog"], [role="alertdialog"]') && before instanceof HTMLElement) before.focus();
      });
    },
    [before],
  );
  return <Dialog open {...props} />;
}
