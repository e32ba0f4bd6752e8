/** Copies a text, and says so. */
import { Button, Tooltip } from '@fluentui/react-components';
import { Checkmark20Regular, Copy20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { say } from './toasts';

export function CopyButton({ text, label }: { text: string; label: string }): React.JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      say('The browser did not let it be copied.', { intent: 'warning', body: text });
    }
  };
  return (
    <Tooltip content={copied ? 'Copied' : `Copy ${label}`} relationship="label">
      <Button
        size="small"
        appearance="subtle"
        icon={copied ? <Checkmark20Regular /> : <Copy20Regular />}
        onClick={() => void copy()}
      />
    </Tooltip>
  );
}
