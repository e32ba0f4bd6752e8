/** Method, address, version and the buttons of a request. */
import {
  Button, Dropdown, makeStyles, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, Option, Spinner, Tab, TabList, tokens,
} from '@fluentui/react-components';
import { BookSearch20Regular, Code20Regular, DismissCircle20Regular, History20Regular, MoreHorizontal20Regular, Play20Filled } from '@fluentui/react-icons';
import type { JsonObject } from '../merge';
import { methodOf, methods, urlOf, withField, withMethod, withUrl } from './model';
import { UrlField } from './UrlField';

const useStyles = makeStyles({
  bar: { display: 'flex', flexDirection: 'column', gap: '8px' },
  line: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center', minWidth: 0 },
  method: { minWidth: '104px', width: '104px' },
  url: { flexGrow: 1, flexBasis: '200px', minWidth: 0 },
  grow: { flexGrow: 1 },
  versions: { border: `1px solid ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium },
});

export function RequestBar(props: {
  value: JsonObject;
  sending: boolean;
  onChange: (value: JsonObject, checkpoint?: string) => void;
  onSend: () => void;
  onCancel: () => void;
  onOpen: (what: 'library' | 'history' | 'code') => void;
  actions?: React.ReactNode;
}): React.JSX.Element {
  const { value, sending, onChange, onSend, onCancel, onOpen, actions } = props;
  const styles = useStyles();
  const method = methodOf(value);
  const url = urlOf(value);
  return (
    <div className={styles.bar}>
      <div className={styles.line}>
        <Button size="small" icon={<BookSearch20Regular />} onClick={() => onOpen('library')}>Ready requests</Button>
        <Button size="small" appearance="subtle" icon={<History20Regular />} onClick={() => onOpen('history')}>History</Button>
        <span className={styles.grow} />
        {actions}
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label="More for this request" menuIcon={null} />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem icon={<Code20Regular />} disabled={!url} onClick={() => onOpen('code')}>Copy as curl, Python, command…</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
      <div className={styles.line}>
        <Dropdown className={styles.method} aria-label="Method" value={method} selectedOptions={[method]} onOptionSelect={(_, data) => onChange(withMethod(value, data.optionValue ?? 'GET'))}>
          {methods.map((each) => <Option key={each} value={each}>{each}</Option>)}
        </Dropdown>
        <div className={styles.url}>
          <UrlField url={url} method={method} onChange={(next) => onChange(withUrl(value, next), 'url')} onSend={onSend} />
        </div>
      </div>
      <div className={styles.line}>
        <TabList
          size="small"
          aria-label="Version of Microsoft Graph"
          selectedValue={value.api === 'beta' ? 'beta' : 'v1.0'}
          onTabSelect={(_, data) => onChange(withField(value, 'api', data.value === 'beta' ? 'beta' : undefined))}
        >
          <Tab value="v1.0">v1.0</Tab>
          <Tab value="beta">beta</Tab>
        </TabList>
        <span className={styles.grow} />
        {sending ? (
          <Button icon={<DismissCircle20Regular />} onClick={onCancel}>Cancel</Button>
        ) : null}
        <Button appearance="primary" icon={sending ? <Spinner size="tiny" /> : <Play20Filled />} disabled={!url || sending} onClick={onSend}>
          Try it
        </Button>
      </div>
    </div>
  );
}
