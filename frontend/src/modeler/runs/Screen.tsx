/** The screen of the runs. */
import { Title3 } from '@fluentui/react-components';

export default function Screen(): React.JSX.Element {
  return <Title3 as="h1">Runs</Title3>;
}
