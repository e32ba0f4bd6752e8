/** The calm page for somebody who is not signed in. */
import { Card, Link, makeStyles, Subtitle2, Text, Title2, tokens } from '@fluentui/react-components';
import { useLocation } from 'react-router';
import icon from './icon.svg';
import { useSession } from './session';

const useStyles = makeStyles({
  page: { minHeight: '100%', display: 'grid', placeItems: 'center', padding: tokens.spacingHorizontalL },
  card: {
    width: '100%',
    maxWidth: '420px',
    padding: '40px 36px',
    rowGap: tokens.spacingVerticalL,
    boxShadow: tokens.shadow8,
  },
  mark: { width: '44px', height: '44px', borderRadius: tokens.borderRadiusXLarge },
  text: { color: tokens.colorNeutralForeground2 },
  button: {
    display: 'block',
    textAlign: 'center',
    padding: '10px 16px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: 'none',
    ':hover': {
      backgroundColor: tokens.colorBrandBackgroundHover,
      color: tokens.colorNeutralForegroundOnBrand,
      textDecorationLine: 'none',
    },
    ':active:hover': { color: tokens.colorNeutralForegroundOnBrand },
    ':focus-visible': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '2px',
      textDecorationLine: 'none',
    },
  },
});

export function signInUrl(url: string, returnTo: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}return=${encodeURIComponent(returnTo)}`;
}

export function SignIn({ ended = false }: { ended?: boolean }): React.JSX.Element {
  const styles = useStyles();
  const { session } = useSession();
  const location = useLocation();
  return (
    <div className={styles.page}>
      <Card className={styles.card}>
        <img className={styles.mark} src={icon} alt="" />
        <div>
          <Title2 as="h1" block>
            {session.application.title}
          </Title2>
          <Text className={styles.text}>
            {ended ? 'Your session ended. Sign in to go on.' : 'Sign in to continue.'}
          </Text>
        </div>
        {session.sign_in.map(({ title, url }) => (
          <Link
            key={url}
            className={styles.button}
            href={signInUrl(url, location.pathname + location.search)}
          >
            Sign in with {title}
          </Link>
        ))}
        {session.sign_in.length === 0 && (
          <Subtitle2>This application has no way to sign in: its model names no sign_on profile.</Subtitle2>
        )}
      </Card>
    </div>
  );
}
