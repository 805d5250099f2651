// One address in two accounts: which one is meant is asked, after the address was proven at a provider or typed with a password.
import { PASSWORD } from '../api.mjs';
import { inspect, person, step, url } from '../stage.mjs';
import { anotherAccount, isKnownToGoogle, linkTo } from '../wishes.mjs';
import { ADMIN } from './opening.mjs';
import { signIn } from './sessions.mjs';

export async function severalAccounts() {
  await step('a user of two accounts says which', async () => {
    await anotherAccount('Bolt & Sons', 'bolt', ADMIN);
    const ada = await person();
    await ada.goto(url + (await linkTo(ADMIN)));
    await ada.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await ada.getByRole('button', { name: 'Accept the invitation' }).click();
    await ada.getByRole('banner').getByText('Bolt & Sons').waitFor();
    await ada.goto('about:blank');
    await ada.context().clearCookies();

    await ada.goto(`${url}/sign-in`);
    await signIn(ada, ADMIN, PASSWORD);
    await ada.getByText('There are several accounts on this server').waitFor();
    await inspect(ada, 'which-account');
    await ada.getByLabel('Account').fill('bolt');
    await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ada.getByRole('banner').getByText('Bolt & Sons').waitFor();
    await ada.goto('about:blank');
    await ada.context().clearCookies();

    await isKnownToGoogle('ada', { email: ADMIN, email_verified: true, name: 'Ada Lovelace' });
    await ada.goto(`${url}/sign-in`);
    await ada.getByRole('link', { name: 'Sign in with Google' }).click();
    await ada.locator('[name=login]').fill('ada');
    await ada.getByRole('button', { name: 'Sign in' }).click();
    await ada.getByText('Bolt & Sons').waitFor();
    await inspect(ada, 'choose-account');
    await ada.getByRole('button', { name: /Bolt & Sons/ }).click();
    await ada.getByRole('banner').getByText('Bolt & Sons').waitFor();
    await ada.context().close();
  });
}
