/** The empty application: what to start from. */
import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components';
import {
  CalendarLtr24Regular,
  DocumentAdd24Regular,
  type FluentIcon,
  Mail24Regular,
  People24Regular,
  WeatherSunny24Regular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import { type ApiError, asApiError, startFromTemplate } from '../api';
import { refreshModel, useModel } from '../documents';

const useStyles = makeStyles({
  page: { padding: '40px 28px', maxWidth: '960px', margin: '0 auto', '@media (max-width: 640px)': { padding: '20px 12px' } },
  title: { fontSize: tokens.fontSizeHero700, lineHeight: tokens.lineHeightHero700 },
  lead: { display: 'block', color: tokens.colorNeutralForeground2, margin: '6px 0 24px', overflowWrap: 'anywhere' },
  cards: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(250px, 1fr))', gap: '16px' },
  card: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    justifyContent: 'flex-start',
    gap: '8px',
    minHeight: '150px',
    padding: '18px 20px',
    textAlign: 'left',
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow4,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    whiteSpace: 'normal',
    ':hover': { boxShadow: tokens.shadow8 },
  },
  mark: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '40px',
    height: '40px',
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
  },
  text: { color: tokens.colorNeutralForeground2 },
});

const icons: [RegExp, FluentIcon][] = [
  [/empty/, DocumentAdd24Regular],
  [/calendar/, CalendarLtr24Regular],
  [/mail/, Mail24Regular],
  [/directory|people/, People24Regular],
];

export function Templates(): React.JSX.Element {
  const styles = useStyles();
  const templates = useModel(({ catalogue }) => catalogue!.templates);
  const folder = useModel(({ session }) => session!.folder);
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const start = async (name: string): Promise<void> => {
    setChosen(name);
    setError(null);
    try {
      await startFromTemplate(name, null);
      await refreshModel();
    } catch (problem) {
      setError(asApiError(problem));
      setChosen(null);
    }
  };
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>What shall it be?</h1>
      <Text className={styles.lead}>
        A template is a whole application to run at once and change as you like. It goes into {folder}.
      </Text>
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {error.message} {error.hint}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.cards}>
        {templates.map(({ name, title, description }) => {
          const Icon = icons.find(([pattern]) => pattern.test(name))?.[1] ?? WeatherSunny24Regular;
          return (
            <Button
              key={name}
              className={styles.card}
              disabledFocusable={chosen !== null}
              onClick={() => void start(name)}
            >
              <span className={styles.mark}>{chosen === name ? <Spinner size="tiny" aria-hidden /> : <Icon aria-hidden />}</span>
              <Text weight="semibold" size={400}>{name === 'empty' ? 'An empty application' : title}</Text>
              <Text size={200} className={styles.text}>{description}</Text>
            </Button>
          );
        })}
      </div>
    </div>
  );
}
