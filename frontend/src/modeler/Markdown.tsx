/** Markdown as elements, never as HTML: what a model or a server says can bring no markup of its own. */
import { Link, makeStyles, tokens } from '@fluentui/react-components';
import ReactMarkdown, { type Components } from 'react-markdown';

const useStyles = makeStyles({
  text: {
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: 'anywhere',
    '& > :first-child': { marginTop: 0 },
    '& > :last-child': { marginBottom: 0 },
    '& h1, & h2, & h3': {
      fontSize: tokens.fontSizeBase400,
      lineHeight: tokens.lineHeightBase400,
      fontWeight: tokens.fontWeightSemibold,
      margin: '16px 0 6px',
    },
    '& p': { margin: '6px 0' },
    '& ul, & ol': { paddingLeft: '20px', margin: '6px 0' },
    '& code': {
      fontFamily: tokens.fontFamilyMonospace,
      fontSize: tokens.fontSizeBase200,
      padding: '1px 4px',
      borderRadius: tokens.borderRadiusSmall,
      backgroundColor: tokens.colorNeutralBackground3,
    },
    '& pre': {
      margin: '8px 0',
      padding: '10px 12px',
      overflowX: 'auto',
      borderRadius: tokens.borderRadiusMedium,
      backgroundColor: tokens.colorNeutralBackground3,
    },
    '& pre code': { padding: 0, backgroundColor: 'transparent' },
    '& table': { borderCollapse: 'collapse', display: 'block', overflowX: 'auto' },
    '& th, & td': { border: `1px solid ${tokens.colorNeutralStroke2}`, padding: '4px 8px', textAlign: 'left' },
  },
});

const components: Components = {
  a: ({ href, children }) => (
    <Link inline href={href} target="_blank" rel="noreferrer">
      {children}
    </Link>
  ),
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  img: ({ alt }) => <>{alt}</>,
};

export default function Markdown({ text }: { text: string }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.text}>
      <ReactMarkdown components={components}>{text}</ReactMarkdown>
    </div>
  );
}
