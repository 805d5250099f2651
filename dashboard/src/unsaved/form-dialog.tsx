import { Modal, type ModalProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import LossDialog from './loss-dialog';

interface Props extends Pick<ModalProps, 'size'> {
  title: string;
  /** Whether something was typed or chosen that would be lost. */
  isChanged: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with a form. Escape, a click outside and its cross ask first if input would be lost; its own buttons do not. */
export function FormDialog({ title, isChanged, onClose, children, ...props }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    // Of a stack, Escape closes the dialog on top, and no other.
    <Modal.Stack>
      <Modal {...props} stackId="form" opened onClose={() => (isChanged ? setIsAsking(true) : onClose())} title={title}>
        {children}
      </Modal>
      <LossDialog stackId="loss" opened={isAsking} onStay={() => setIsAsking(false)} onLose={onClose} />
    </Modal.Stack>
  );
}
