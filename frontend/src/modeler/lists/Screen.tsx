/** The screen of the lists. */
import { Title3 } from '@fluentui/react-components';

export default function Screen(): React.JSX.Element {
  return <Title3 as="h1">Lists</Title3>;
}
