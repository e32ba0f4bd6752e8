/** What to register at Microsoft Entra: redirect URLs, permissions, and each step in order. */
import {
  Badge,
  Button,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircle16Filled, Open16Regular, Warning16Filled } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import { Link as RouterLink } from 'react-router';
import type { GuideWire, PermissionWire } from '../api';
import { CopyButton } from '../CopyButton';
import type { Answered } from '../useAnswer';

const Markdown = lazy(() => import('../Markdown'));

const useStyles = makeStyles({
  section: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    padding: '16px 20px',
    minWidth: 0,
  },
  heading: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  hint: { color: tokens.colorNeutralForeground2, display: 'block', margin: '2px 0 10px' },
  rows: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 0',
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  grow: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  sub: { color: tokens.colorNeutralForeground2, display: 'block' },
  good: { color: tokens.colorPaletteGreenForeground1, flexShrink: 0 },
  lacking: { color: tokens.colorPaletteDarkOrangeForeground1, flexShrink: 0 },
  steps: { margin: '8px 0 0', paddingLeft: '22px', display: 'flex', flexDirection: 'column', gap: '10px' },
  link: { color: tokens.colorBrandForegroundLink },
  more: { paddingInline: 0, minWidth: 'auto' },
});

function Permission({ permission, asked }: { permission: PermissionWire; asked: boolean }): React.JSX.Element {
  const styles = useStyles();
  const { name, requests, covered } = permission;
  const [all, setAll] = useState(false);
  const shown = all ? requests : requests.slice(0, 2);
  return (
    <li className={styles.row}>
      {asked && (covered
        ? <CheckmarkCircle16Filled className={styles.good} aria-label="In the scopes" />
        : <Warning16Filled className={styles.lacking} aria-label="Not in the scopes" />)}
      <div className={styles.grow}>
        <Text weight="semibold">{name}</Text>
        {shown.map((request) => (
          <Text key={request} size={200} font="monospace" className={styles.sub}>{request}</Text>
        ))}
        {requests.length > shown.length && (
          <Button size="small" appearance="transparent" className={styles.more} onClick={() => setAll(true)}>
            {requests.length - shown.length} more
          </Button>
        )}
      </div>
      <CopyButton text={name} label={name} />
    </li>
  );
}

export function Guide({ guide: { answer: guide, error } }: { guide: Answered<GuideWire> }): React.JSX.Element {
  const styles = useStyles();
  if (error) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>What to register appears when the profile is complete.</MessageBarTitle>{' '}
          {error.message} {error.hint}
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (!guide) return <Spinner label="Working out what is needed" />;
  const asUser = guide.flavour === 'user';
  return (
    <>
      {guide.missing.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>Not set yet:</MessageBarTitle> {guide.missing.join(', ')}.{' '}
            <RouterLink to="/secrets" className={styles.link}>Secrets and settings</RouterLink>
          </MessageBarBody>
        </MessageBar>
      )}
      {guide.redirect_urls.length > 0 && (
        <section className={styles.section}>
          <h2 className={styles.heading}>Redirect URLs</h2>
          <Text size={200} className={styles.hint}>
            Where Microsoft sends people back to after they signed in. Register each under its platform.
          </Text>
          <ul className={styles.rows}>
            {guide.redirect_urls.map(({ url, platform, purpose }) => (
              <li key={url} className={styles.row}>
                <div className={styles.grow}>
                  <Text font="monospace" size={200}>{url}</Text>
                  <Text size={200} className={styles.sub}>
                    {platform} · {purpose}
                  </Text>
                </div>
                <CopyButton text={url} label="this redirect URL" />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={styles.section}>
        <h2 className={styles.heading}>
          {asUser ? 'Delegated permissions' : 'Application permissions'}
        </h2>
        <Text size={200} className={styles.hint}>
          The least that this application’s requests with this profile need.
        </Text>
        {guide.permissions.length === 0 && <Text>No request uses this profile yet.</Text>}
        <ul className={styles.rows}>
          {guide.permissions.map((permission) => (
            <Permission key={permission.name} permission={permission} asked={asUser} />
          ))}
        </ul>
        {guide.unknown_requests.length > 0 && (
          <Text size={200} className={styles.sub}>
            Not known what these need: {guide.unknown_requests.join(', ')}
          </Text>
        )}
        {guide.notes.map((note) => (
          <Text key={note} size={200} className={styles.hint}>{note}</Text>
        ))}
        {guide.admin_consent_url && (
          <div className={styles.row}>
            <Link className={styles.grow} href={guide.admin_consent_url} target="_blank" rel="noreferrer">
              An administrator consents for everybody <Open16Regular aria-hidden />
            </Link>
            <CopyButton text={guide.admin_consent_url} label="the link for the administrator" />
          </div>
        )}
      </section>
      {guide.steps.length > 0 && (
        <section className={styles.section}>
          <h2 className={styles.heading}>
            Step by step <Badge appearance="tint" color="informative">{guide.steps.length}</Badge>
          </h2>
          <Suspense fallback={<Spinner size="tiny" label="Loading" />}>
            <ol className={styles.steps}>
              {guide.steps.map((step) => (
                <li key={step}>
                  <Markdown text={step} />
                </li>
              ))}
            </ol>
          </Suspense>
        </section>
      )}
    </>
  );
}
