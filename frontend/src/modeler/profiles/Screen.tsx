/** Authorization profiles: whom requests are sent as, and what that needs at Microsoft Entra. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { useEffect } from 'react';
import { useNavigate, useParams } from 'react-router';
import { askNew } from '../dialogs';
import { DocumentList } from '../DocumentList';
import { useDocuments } from '../documents';
import { addressOf, documentName } from '../places';
import { Profile } from './Profile';

const useStyles = makeStyles({
  screen: {
    display: 'flex',
    height: '100%',
    minHeight: 0,
    '@media (max-width: 640px)': { flexDirection: 'column' },
  },
  detail: { flexGrow: 1, minWidth: 0, minHeight: 0, overflow: 'auto' },
  empty: {
    margin: 'auto',
    maxWidth: '440px',
    padding: '24px',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: '12px',
    textAlign: 'center',
  },
  hint: { color: tokens.colorNeutralForeground2 },
});

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const { name } = useParams();
  const navigate = useNavigate();
  const profiles = useDocuments('profile');
  const first = profiles[0];
  useEffect(() => {
    if (!name && first) void navigate(addressOf(first.name), { replace: true });
  }, [name, first, navigate]);
  const add = async (): Promise<void> => {
    const created = await askNew('profile');
    if (created) void navigate(addressOf(documentName('profile', created)));
  };
  return (
    <div className={styles.screen}>
      <DocumentList kind="profile" />
      <div className={styles.detail}>
        {name ? (
          <Profile key={name} name={name} />
        ) : (
          !first && (
            <div className={styles.empty}>
              <Text as="h1" size={500} weight="semibold">Whom are requests sent as?</Text>
              <Text className={styles.hint}>
                An authorization profile says so: as the person who signs in, or as the application itself.
                Everything else in the application builds on one.
              </Text>
              <Button appearance="primary" icon={<Add20Regular />} onClick={() => void add()}>
                New profile
              </Button>
            </div>
          )
        )}
      </div>
    </div>
  );
}
