import { expect, test } from 'vitest';
import { invitations, NOTHING_RESENT, type ResendPart, type ResentPart, resendAll } from './resend-all';

/** Answers in turn, and records what was asked. */
function server(answers: (ResentPart | null)[]) {
  const asked: ResendPart[] = [];
  const send = async (part: ResendPart) => {
    asked.push(part);
    return answers[asked.length - 1] ?? null;
  };
  return { asked, send };
}

const part = (resent: number, lastUserId: string | null, remaining: number): ResentPart => ({
  resent,
  refused: [],
  lastUserId,
  remaining,
});

test('it goes on after the last user until none is left, and confirms the number once', async () => {
  const { asked, send } = server([part(100, 'b', 130), part(100, 'd', 30), part(30, 'f', 0)]);
  const steps: number[] = [];
  const done = await resendAll(230, NOTHING_RESENT, send, ({ resent }) => steps.push(resent));
  expect(done).toEqual({ resent: 230, refused: [], after: 'f', isDone: true });
  expect(steps).toEqual([100, 200, 230]);
  expect(asked).toEqual([
    { after: null, expectedCount: 230 },
    { after: 'b', expectedCount: null },
    { after: 'd', expectedCount: null },
  ]);
});

test('a request that breaks is the first of the next attempt', async () => {
  const first = server([part(100, 'b', 30), null]);
  const broken = await resendAll(130, NOTHING_RESENT, first.send, () => {});
  expect(broken).toEqual({ resent: 100, refused: [], after: 'b', isDone: false });
  const second = server([part(30, 'd', 0)]);
  const done = await resendAll(130, broken, second.send, () => {});
  expect(done).toMatchObject({ resent: 130, isDone: true });
  expect(second.asked).toEqual([first.asked[1]]);
});

test('where the limit of the day is reached, it ends, and says whose are not sent', async () => {
  const refused = [
    { userId: 'u', user: { id: 'c', email: 'c@acme.example' }, userErrors: [{ code: 'INVITATION_LIMIT_REACHED', message: '…' }] },
  ];
  const { asked, send } = server([{ ...part(2, 'b', 1), refused }]);
  const done = await resendAll(3, NOTHING_RESENT, send, () => {});
  expect(done).toEqual({ resent: 2, refused, after: 'b', isDone: true });
  expect(asked).toHaveLength(1);
});

test('where nothing is left to send, it ends', async () => {
  const { send } = server([part(0, null, 0)]);
  expect(await resendAll(1, NOTHING_RESENT, send, () => {})).toEqual({ ...NOTHING_RESENT, isDone: true });
});

test('one is not many', () => {
  expect([invitations(1), invitations(60)]).toEqual(['1 invitation', '60 invitations']);
});
