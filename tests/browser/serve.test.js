// The preview of `civicast serve` in a browser: the screen beside the page that is being edited.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { root, now, binary, temporary, launch } = require('./harness');

// A copy of the example that may be edited.
function example() {
  const folder = temporary('serve');
  for (const name of ['civicast.toml', 'screens.toml', 'content', 'data', 'static', 'themes']) {
    const from = path.join(root, name);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(folder, name), { recursive: true });
  }
  return folder;
}

function serve(folder) {
  const child = spawn(binary(), ['serve', '--site', folder, '--port', '0', '--now', now, '--lang', 'zh'], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((ready, failed) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) ready({ child, origin: address[0] });
    });
    child.on('exit', () => failed(new Error(said)));
  });
}

test('the screen stands beside the page in its true proportions and follows a save at the same place of the page', async (t) => {
  const folder = example();
  const { child, origin } = await serve(folder);
  t.after(() => child.kill());
  const browser = await launch();
  t.after(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${origin}/notices/winter-heating-2026/`);
  const picture = page.locator('#civicast-frame img');
  await picture.waitFor();
  const shape = async () => { const box = await picture.boundingBox(); return box.width / box.height; };
  for (const [id, wanted] of [['hall', 16 / 9], ['elevator', 9 / 16], ['led', 6]]) {
    await page.selectOption('#civicast-frame select', id);
    await page.waitForFunction((id) => document.querySelector('#civicast-frame img')?.getAttribute('src').includes(`/${id}/`), id);
    assert.ok(Math.abs((await shape()) / wanted - 1) < 0.03, `${id}: ${await shape()}`);
  }
  // The page and the frame stand side by side.
  const beside = await page.evaluate(() => [document.body.getBoundingClientRect().right, document.querySelector('#civicast-frame').getBoundingClientRect().left]);
  assert.ok(beside[0] <= beside[1], String(beside));

  // On paper the page stands alone, at its own width.
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('#civicast-frame').isHidden());
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).paddingRight), '0px');
  await page.emulateMedia({ media: null });
  assert.ok(await page.locator('#civicast-frame').isVisible());
  await page.selectOption('#civicast-frame select', 'hall');
  await page.evaluate(() => scrollTo(0, 300));
  const before = await picture.getAttribute('src');
  const file = path.join(folder, 'content/notices/winter-heating-2026.md');
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text.replace(/^text = .*$/m, 'text = "人走断电，安全过冬。"'));
  await page.waitForFunction((before) => {
    const picture = document.querySelector('#civicast-frame img');
    return picture && picture.getAttribute('src') !== before && picture.alt.includes('安全过冬');
  }, before);
  await page.waitForFunction(() => scrollY === 300);

  // What changes the page reloads it at the same place.
  fs.writeFileSync(file, text.replace('各科室、各中心，', '各科室、各中心、'));
  await page.waitForFunction(() => document.body.textContent.includes('各科室、各中心、'));
  await page.waitForFunction(() => scrollY === 300);

  await picture.waitFor();
  await page.click('#civicast-frame button');
  assert.ok(await page.locator('#civicast-frame').isHidden());
  await page.reload();
  await page.locator('#civicast-frame-tab').waitFor();
  assert.ok(await page.locator('#civicast-frame').isHidden());
  await page.click('#civicast-frame-tab');
  await picture.waitFor();
  await page.click('#civicast-frame button[aria-pressed="false"]');
  await page.locator('#civicast-frame iframe').waitFor();
  assert.match(await page.locator('#civicast-frame iframe').getAttribute('src'), /\/screens\/hall\//);
  assert.deepStrictEqual(faults, []);
});
