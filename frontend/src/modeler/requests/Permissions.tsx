/** What a profile lacks for a request, told before it is sent, with the button that adds it. */
import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody, Text, tokens } from '@fluentui/react-components';
import { ShieldCheckmark16Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { askPermissions, type PermissionAnswer } from '../api';
import { useDocument } from '../documents';
import type { JsonObject } from '../merge';
import { documentName } from '../places';
import { say } from '../toasts';

const useStyles = makeStyles({
  well: { display: 'flex', gap: '6px', color: tokens.colorNeutralForeground2 },
  icon: { flexShrink: 0 },
  bar: { flexShrink: 0 },
});

/** Whether requests of a profile are sent as the application itself. */
export function isApplication(profile: JsonObject | null): boolean {
  return profile?.grant_type === 'client_credentials';
}

export function Permissions(props: {
  profile: string;
  method: string;
  url: string;
  onSignIn: () => void;
}): React.JSX.Element | null {
  const { profile, method, url, onSignIn } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const document = useDocument(documentName('profile', profile));
  const scopes = Array.isArray(document.value?.scopes) ? document.value.scopes.map(String) : [];
  const application = isApplication(document.value);
  const answer = usePermissions(profile, method, url, scopes.join(' '), document.saving);
  if (!answer?.known) return null;
  if (answer.missing.length === 0 && !answer.message) {
    if (answer.needed.length === 0) return null;
    return (
      <Text size={200} className={styles.well}>
        <ShieldCheckmark16Regular aria-hidden className={styles.icon} />
        <span>
          {application ? `Needs ${answer.needed.join(' or ')}.` : `Needs ${answer.needed.join(' or ')}, which the profile asks for.`}
          {answer.warning && ` ${answer.warning}`}
        </span>
      </Text>
    );
  }
  const add = (): void => {
    document.set((value) => ({ ...value, scopes: [...scopes, ...answer.missing.filter((each) => !scopes.includes(each))] }), { checkpoint: 'scopes' });
    say(`${profile} asks for ${answer.missing.join(', ')} now.`, {
      body: 'Sign in again, so that it is consented to.',
      action: { text: 'Sign in', act: onSignIn },
    });
  };
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        {answer.message} {answer.warning}
      </MessageBarBody>
      <MessageBarActions>
        {!application && answer.missing.length > 0 && (
          <Button size="small" appearance="primary" onClick={add}>Add {answer.missing.join(', ')}</Button>
        )}
        <Button size="small" onClick={() => void navigate(`/profiles/${profile}`)}>Open the profile</Button>
      </MessageBarActions>
    </MessageBar>
  );
}

function usePermissions(profile: string, method: string, url: string, scopes: string, saving: boolean): PermissionAnswer | null {
  const [answer, setAnswer] = useState<PermissionAnswer | null>(null);
  useEffect(() => {
    if (!url || saving) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      // Without an answer nothing is told: Graph itself says what is lacking.
      askPermissions({ profile, method, url }, abort.signal).then(setAnswer, () => undefined);
    }, 300);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [profile, method, url, scopes, saving]);
  return answer;
}
