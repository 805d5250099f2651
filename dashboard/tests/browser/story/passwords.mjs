// A forgotten password is replaced by the link in a mail, once.
import { inspect, person, step, url } from '../stage.mjs';
import { linkTo } from '../wishes.mjs';
import { EVE } from './invitations.mjs';

export async function passwords() {
  await step('a forgotten password is replaced by mail', async () => {
    const eve = await person();
    await eve.goto(`${url}/acme/sign-in`);
    await eve.getByRole('link', { name: 'Forgotten your password?' }).click();
    await eve.getByLabel('Email').fill(EVE);
    await inspect(eve, 'forgot');
    await eve.getByRole('button', { name: 'Send the link' }).click();
    await eve.getByText('a mail is on its way').waitFor();
    await inspect(eve, 'forgot-sent');
    const link = await linkTo(EVE, 1, 'reset-password');
    await eve.goto(url + link);
    await eve.getByRole('textbox', { name: 'New password' }).fill('password1234');
    await eve.getByRole('button', { name: 'Set the password' }).click();
    await eve.getByText('easy to guess').waitFor();
    await inspect(eve, 'reset');
    await eve.getByRole('textbox', { name: 'New password' }).fill('copper kettles never apologise');
    await eve.getByRole('button', { name: 'Set the password' }).click();
    await eve.getByRole('heading', { name: 'My profile' }).waitFor();
    await eve.goto(url + link);
    await eve.getByText('does not work any more').waitFor();
    await inspect(eve, 'reset-used');
    await eve.getByRole('link', { name: 'Ask for a new link' }).click();
    await eve.getByRole('button', { name: 'Send the link' }).waitFor();
    await eve.context().close();
  });
}
