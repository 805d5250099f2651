import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Kbd, Modal } from '@mantine/core';
import { useFocusReturn } from '../ui/use-focus-return';
import classes from './help.module.css';
import { KEY_GROUPS } from './keys';

/** The keys that do something. */
export default function Help({ onClose }: { onClose: () => void }) {
  useFocusReturn();
  return (
    <Modal opened onClose={onClose} title={t`Keys`} size="lg">
      <div className={classes.groups}>
        {KEY_GROUPS.map(({ title, keys }) => (
          <section key={title.id}>
            <h3>{i18n._(title)}</h3>
            <dl>
              {keys.map(([pressed, text]) => (
                <div key={text.id}>
                  <dt>{pressed.map((key) => (key === '+' ? <span key={key}>+</span> : <Kbd key={key}>{key}</Kbd>))}</dt>
                  <dd>{i18n._(text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
