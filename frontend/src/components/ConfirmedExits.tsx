/** Buttons and menus of a page's actions: each takes an exit, some only after a question. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useState } from 'react';
import { getRow, type JsonValue, type PageAction, type StepAddress } from '../api';
import { actionIcon } from '../icons';
import { fillConfirm, type PageViewProps } from '../pageType';

interface Question {
  action: PageAction;
  text: string;
  data: JsonValue;
}

interface ExitSource {
  address: StepAddress;
  exit: PageViewProps<unknown>['exit'];
}

export interface ConfirmedExits {
  run: (
    action: PageAction,
    key?: string,
    row?: { [field: string]: JsonValue } | null,
    part?: string,
  ) => Promise<void>;
  dialog: React.JSX.Element | null;
}

const useStyles = makeStyles({
  danger: {
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ':hover': {
      backgroundColor: tokens.colorStatusDangerBackground3Hover,
      color: tokens.colorNeutralForegroundOnBrand,
    },
    ':hover:active': {
      backgroundColor: tokens.colorStatusDangerBackground3Pressed,
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
});

/** Takes an action's exit, after its question where it has one. Render `dialog` somewhere. */
export function useConfirmedExits({ address, exit }: ExitSource): ConfirmedExits {
  const styles = useStyles();
  const [question, setQuestion] = useState<Question | null>(null);
  const [open, setOpen] = useState(false);

  const run: ConfirmedExits['run'] = useCallback(
    async (action, key, row, part) => {
      const data: JsonValue = key === undefined ? null : part ? { key, part } : { key };
      if (!action.confirm) {
        await exit(action.name, data);
        return;
      }
      let text = fillConfirm(action.confirm, row ?? {});
      if (key !== undefined && action.confirm.includes('{{')) {
        // Only the server can fill in the question: it is an expression over the whole row.
        const whole = await getRow(address, key, part ? { part } : {}).catch(() => null);
        text = whole?.confirm?.[action.name] ?? fillConfirm(action.confirm, { ...row, ...whole?.row });
      }
      setQuestion({ action, data, text });
      setOpen(true);
    },
    [address, exit],
  );

  const danger = question?.action.appearance === 'danger';
  const dialog = question && (
    <Dialog open={open} modalType="alert" onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{question.action.title}</DialogTitle>
          <DialogContent>{question.text}</DialogContent>
          <DialogActions>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              appearance="primary"
              className={danger ? styles.danger : undefined!}
              onClick={() => {
                setOpen(false);
                void exit(question.action.name, question.data);
              }}
            >
              {question.action.title}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
  return { run, dialog };
}

export function ActionButton(props: {
  action: PageAction;
  disabled?: boolean;
  iconOnly?: boolean;
  size?: 'small' | 'medium';
  onRun: (action: PageAction) => void;
}): React.JSX.Element {
  const { action, disabled = false, iconOnly = false, size = 'medium', onRun } = props;
  const Icon = actionIcon(action.icon, action.name);
  const appearance =
    action.appearance === 'primary' ? 'primary' : action.appearance === 'subtle' ? 'subtle' : 'secondary';
  return (
    <Button
      appearance={appearance}
      size={size}
      disabled={disabled}
      icon={Icon ? <Icon /> : null}
      aria-label={iconOnly && Icon ? action.title : undefined!}
      onClick={() => onRun(action)}
    >
      {iconOnly && Icon ? null : action.title}
    </Button>
  );
}
