/** The screen of the imports. */
import { Title3 } from '@fluentui/react-components';

export default function Screen(): React.JSX.Element {
  return <Title3 as="h1">Imports</Title3>;
}
