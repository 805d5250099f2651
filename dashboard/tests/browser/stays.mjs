// Opens a page and stays there: a test kills whoever plays it, and looks what is left.
import { person, play, url } from './stage.mjs';

await play(async () => {
  const page = await person();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').waitFor();
  console.log('the page is open');
  await new Promise(() => {});
});
