/** As whom a request of a user's profile is tried. */
import { Button, Dropdown, Link, makeStyles, MessageBar, MessageBarBody, Option, Spinner, tokens } from '@fluentui/react-components';
import { PersonAdd20Regular } from '@fluentui/react-icons';
import type { SignIn } from './signIn';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap', minWidth: 0 },
  choice: { minWidth: 0, maxWidth: '280px', flexGrow: 1 },
  hint: { color: tokens.colorNeutralForeground2 },
});

const another = '+';

export function Account(props: {
  signIn: SignIn;
  chosen: string | null;
  onChoose: (account: string) => void;
}): React.JSX.Element {
  const { signIn, chosen, onChoose } = props;
  const styles = useStyles();
  const { accounts } = signIn;
  const account = accounts.find(({ id }) => id === chosen) ?? accounts[0];
  return (
    <>
      <div className={styles.row}>
        {account ? (
          <Dropdown
            className={styles.choice}
            size="small"
            aria-label="As whom it is sent"
            value={account.username}
            selectedOptions={[account.id]}
            onOptionSelect={(_, data) => {
              if (data.optionValue === another) signIn.start();
              else if (data.optionValue) onChoose(data.optionValue);
            }}
          >
            {accounts.map((each) => (
              <Option key={each.id} value={each.id} text={each.username}>
                {each.name ? `${each.name} (${each.username})` : each.username}
              </Option>
            ))}
            <Option value={another} text="Sign in as somebody else">Sign in as somebody else…</Option>
          </Dropdown>
        ) : (
          signIn.known && !signIn.waiting && (
            <>
              <span className={styles.hint}>Nobody is signed in to this profile yet.</span>
              <Button size="small" appearance="primary" icon={<PersonAdd20Regular />} onClick={signIn.start}>Sign in</Button>
            </>
          )
        )}
        {signIn.waiting && (
          <span role="status" className={styles.row}>
            <Spinner size="tiny" label="Waiting for the sign-in in the other tab" />
            {signIn.url && <Link href={signIn.url} target="_blank" rel="noreferrer">Open it again</Link>}
            <Button size="small" onClick={signIn.stop}>Cancel</Button>
          </span>
        )}
      </div>
      {signIn.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{signIn.error.message} {signIn.error.hint}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}
