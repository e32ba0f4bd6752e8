/** The screen of secrets and settings. */
import { Title3 } from '@fluentui/react-components';

export default function SecretsScreen(): React.JSX.Element {
  return <Title3 as="h1">Secrets</Title3>;
}
