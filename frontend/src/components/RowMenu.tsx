/** The menu of a row: its actions, behind one button. */
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreHorizontal20Regular } from '@fluentui/react-icons';
import type { PageAction } from '../api';
import { actionIcon } from '../icons';

export function RowMenu(props: {
  /** What the row is called. */
  name: string;
  actions: PageAction[];
  busy: boolean;
  /** -1 where arrow keys, not the tab key, lead to the button. */
  tabIndex?: -1;
  onAction: (action: PageAction) => void;
}): React.JSX.Element {
  const { name, actions, busy, tabIndex, onAction } = props;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size="small"
          {...(tabIndex === undefined ? {} : { tabIndex })}
          disabled={busy}
          aria-label={`Actions for ${name}`}
          icon={<MoreHorizontal20Regular />}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {actions.map((action) => {
            const Icon = actionIcon(action.icon, action.name);
            return (
              <MenuItem key={action.name} icon={Icon ? <Icon /> : null} onClick={() => onAction(action)}>
                {action.title}
              </MenuItem>
            );
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
