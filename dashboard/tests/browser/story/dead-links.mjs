// Invitations that cannot be accepted: each says why, and what to do next.
import { invite, mutate } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { expiredInvitation, linkTo } from '../wishes.mjs';

export async function deadLinks(admin) {
  await step('dead invitations say what to do next', async () => {
    const guest = await person();
    const email = 'kim@acme.example';
    const id = await invite(admin, email);
    const first = await linkTo(email);
    await mutate(admin, 'resendInvitation', { id, confirmEmail: email });
    const second = await linkTo(email, 2);
    await says(guest, first, 'There is a newer invitation', 'Look for that one', 'link-replaced');
    await guest.goto(url + second);
    await guest.getByRole('button', { name: 'Accept the invitation' }).waitFor();
    // What a mail program or a person adds to a link does no harm.
    for (const added of ['.', ')', '%3E', '/', '?utm_source=mail', '#top']) {
      await guest.goto(url + second + added);
      await guest.getByRole('button', { name: 'Accept the invitation' }).waitFor();
    }
    await mutate(admin, 'deleteUser', { id, confirmEmail: email });
    // It dies while the form is open.
    await guest.getByRole('textbox', { name: 'Password' }).fill('seven lighthouses hum quietly');
    await guest.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.getByRole('heading', { name: 'This invitation was taken back' }).waitFor();
    await says(guest, second, 'This invitation was taken back', 'ask the person who invited you', 'link-deleted');
    const expired = await expiredInvitation('late@acme.example');
    await says(guest, expired, 'This invitation has expired', 'Ask the person who invited you to send it again', 'link-expired');
    await says(guest, '/acme/invitations/nonsense', 'This link is incomplete', 'Open it from the mail again', 'link-cut');
    await guest.context().close();
  });
}

async function says(guest, link, title, next, name) {
  await guest.goto(url + link);
  await guest.getByRole('heading', { name: title }).waitFor();
  await guest.getByRole('alert').filter({ hasText: next }).waitFor();
  await inspect(guest, name);
}
