/** A failure that fills the page: what happened, what helps, and what to quote when asking. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Copy16Regular, Dismiss16Regular, ErrorCircle48Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { ApiError } from '../api';

const useStyles = makeStyles({
  page: {
    maxWidth: '560px',
    margin: '0 auto',
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalXL}`,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: tokens.spacingVerticalM,
    overflowWrap: 'anywhere',
  },
  icon: { color: tokens.colorPaletteRedForeground1 },
  quote: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground2,
  },
  body: { overflowWrap: 'anywhere', paddingBlock: tokens.spacingVerticalXS },
  hint: { display: 'block' },
  bar: { flexShrink: 0 },
});

function Quote({ error }: { error: ApiError }): React.JSX.Element {
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  const text = [error.code, error.requestId && `request ${error.requestId}`]
    .filter(Boolean)
    .join(' · ');
  const copy = (): void => {
    void navigator.clipboard?.writeText(`${error.message} (${text})`).then(() => setCopied(true));
  };
  return (
    <span className={styles.quote}>
      <Text size={200} font="monospace">{text}</Text>
      <Button size="small" appearance="subtle" icon={<Copy16Regular />} onClick={copy}>
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </span>
  );
}

export function Problem(props: {
  error: ApiError;
  onRetry?: (() => void) | undefined;
  children?: React.ReactNode;
}): React.JSX.Element {
  const { error, onRetry, children } = props;
  const styles = useStyles();
  return (
    <div className={styles.page} role="alert">
      <ErrorCircle48Regular className={styles.icon} aria-hidden />
      <Subtitle1 as="h1">{error.message}</Subtitle1>
      {error.hint && <Text>{error.hint}</Text>}
      {onRetry && (
        <Button appearance="primary" onClick={onRetry}>
          Try again
        </Button>
      )}
      {children}
      <Quote error={error} />
    </div>
  );
}

export function ProblemBar(props: {
  error: ApiError;
  onRetry?: (() => void) | undefined;
  onDismiss: () => void;
  action?: React.ReactNode;
}): React.JSX.Element {
  const { error, onRetry, onDismiss, action } = props;
  const styles = useStyles();
  return (
    <MessageBar intent="error" layout="multiline" className={styles.bar} role="alert">
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{error.message}</MessageBarTitle>
        {error.hint && <span className={styles.hint}>{error.hint}</span>}
        <Quote error={error} />
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            aria-label="Dismiss"
            appearance="transparent"
            icon={<Dismiss16Regular />}
            onClick={onDismiss}
          />
        }
      >
        {action}
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </MessageBarActions>
    </MessageBar>
  );
}
