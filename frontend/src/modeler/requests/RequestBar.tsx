/** Method, address, version and the buttons of a request. */
import {
  Button, Dropdown, makeStyles, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, Option, Spinner, Tab, TabList,
} from '@fluentui/react-components';
import { BookSearch20Regular, Code20Regular, DismissCircle20Regular, History20Regular, MoreHorizontal20Regular, Play20Filled } from '@fluentui/react-icons';
import type { JsonObject } from '../merge';
import { useDocuments } from '../documents';
import { shortName } from '../places';
import { carriedBy, methodOf, methods, profileOf, urlOf, withField, withMethod, withProfile, withUrl } from './model';
import { UrlField } from './UrlField';

const useStyles = makeStyles({
  bar: { display: 'flex', flexDirection: 'column', gap: '8px' },
  line: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center', minWidth: 0 },
  method: { minWidth: '92px', width: '100px' },
  url: { flexGrow: 1, flexBasis: '160px', minWidth: 0 },
  grow: { flexGrow: 1 },
  profile: { minWidth: '110px', flexShrink: 1, maxWidth: '240px' },
});

export function RequestBar(props: {
  value: JsonObject;
  sending: boolean;
  /** Whether what it is tried with is known. */
  ready: boolean;
  onChange: (value: JsonObject, checkpoint?: string) => void;
  onSend: () => void;
  onCancel: () => void;
  onOpen: (what: 'library' | 'history' | 'code') => void;
  actions?: React.ReactNode;
  readyBeside: boolean;
}): React.JSX.Element {
  const { value, sending, ready, onChange, onSend, onCancel, onOpen, actions, readyBeside } = props;
  const styles = useStyles();
  const method = methodOf(value);
  const url = urlOf(value);
  return (
    <div className={styles.bar}>
      <div className={styles.line}>
        {!readyBeside && (
          <>
            <Button size="small" icon={<BookSearch20Regular />} onClick={() => onOpen('library')}>Ready requests</Button>
            <Button size="small" appearance="subtle" icon={<History20Regular />} onClick={() => onOpen('history')}>History</Button>
          </>
        )}
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
        <Profile value={value} onChange={onChange} />
        <span className={styles.grow} />
        {sending && <Button icon={<DismissCircle20Regular />} onClick={onCancel}>Cancel</Button>}
        <Button appearance="primary" icon={sending ? <Spinner size="tiny" aria-hidden /> : <Play20Filled />} disabled={!url} disabledFocusable={sending || !ready} onClick={onSend}>
          Try it
        </Button>
      </div>
    </div>
  );
}

/** The profile that it is sent with; other ways stand under "Authentication". */
function Profile({ value, onChange }: { value: JsonObject; onChange: (value: JsonObject) => void }): React.JSX.Element | null {
  const styles = useStyles();
  const profiles = useDocuments('profile').filter(({ type }) => type !== 'saml');
  const profile = profileOf(value);
  const other = { password: 'User name and password', certificate: 'Client certificate', nothing: 'Nobody' }[carriedBy(value)];
  if (profiles.length === 0) return null;
  return (
    <Dropdown
      className={styles.profile}
      size="small"
      aria-label="Authorization profile"
      value={profile ? (profiles.find(({ name }) => shortName(name) === profile)?.title ?? profile) : other}
      selectedOptions={profile ? [profile] : []}
      onOptionSelect={(_, data) => data.optionValue && onChange(withProfile(value, data.optionValue))}
    >
      {profiles.map((each) => <Option key={each.name} value={shortName(each.name)} text={each.title}>{each.title}</Option>)}
    </Dropdown>
  );
}
