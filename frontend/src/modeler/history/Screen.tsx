/** The screen of the history. */
import { Title3 } from '@fluentui/react-components';

export default function Screen(): React.JSX.Element {
  return <Title3 as="h1">History</Title3>;
}
