import { Kbd, Modal, Table } from '@mantine/core';
import { useFocusReturn } from '../ui/use-focus-return';

const KEYS: [string, string][] = [
  ['/', 'Search the users'],
  ['i', 'Invite a user (on the page of users)'],
  ['?', 'Show this help'],
  ['Esc', 'Close a dialog or a menu'],
];

/** The keys that do something. */
export default function Help({ onClose }: { onClose: () => void }) {
  useFocusReturn();
  return (
    <Modal opened onClose={onClose} title="Keys">
      <Table>
        <Table.Tbody>
          {KEYS.map(([key, text]) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" w="5rem">
                <Kbd>{key}</Kbd>
              </Table.Th>
              <Table.Td>{text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
