/** One of several, as cards with a sentence each; a radio group to the keyboard. */
import { makeStyles, mergeClasses, Radio, RadioGroup, Text, tokens } from '@fluentui/react-components';
import type { FluentIcon } from '@fluentui/react-icons';

const useStyles = makeStyles({
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(260px, 100%), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  card: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: '4px',
    padding: '10px 14px 12px 6px',
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chosen: {
    border: `1px solid ${tokens.colorBrandStroke1}`,
    boxShadow: `inset 0 0 0 1px ${tokens.colorBrandStroke1}`,
  },
  text: { display: 'flex', flexDirection: 'column', gap: '2px', paddingTop: '6px', minWidth: 0 },
  head: { display: 'flex', alignItems: 'center', gap: '8px' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export interface Choice {
  value: string;
  title: string;
  text: string;
  icon?: FluentIcon;
}

export function Choices(props: {
  label: string;
  choices: Choice[];
  value: string;
  onChange: (value: string) => void;
}): React.JSX.Element {
  const { label, choices, value, onChange } = props;
  const styles = useStyles();
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onChange={(_, data) => onChange(data.value)}
      className={styles.cards}
    >
      {choices.map(({ value: each, title, text, icon: Icon }) => (
        <label key={each} className={mergeClasses(styles.card, each === value && styles.chosen)}>
          <Radio value={each} aria-label={title} />
          <span className={styles.text}>
            <span className={styles.head}>
              {Icon && <Icon aria-hidden />}
              <Text weight="semibold">{title}</Text>
            </span>
            <Text size={200} className={styles.hint}>
              {text}
            </Text>
          </span>
        </label>
      ))}
    </RadioGroup>
  );
}
