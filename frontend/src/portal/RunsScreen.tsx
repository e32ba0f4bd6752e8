export default function RunsScreen(): React.JSX.Element {
  return <div />;
}
