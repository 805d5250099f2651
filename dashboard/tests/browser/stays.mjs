// Opens a page and stays there: a test kills the process that plays it, and checks what is left.
import { person, play, url } from './stage.mjs';

await play(async () => {
  const page = await person();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').waitFor();
  console.log('the page is open');
  await new Promise(() => {});
});
