// Opens a page in Chromium for `benches/serve`. For every line on stdin it answers with the time, in milliseconds since 1970,
// at which the page had loaded with that text in it.
'use strict';
const path = require('node:path');
const readline = require('node:readline');
const { chromium } = require(path.join(__dirname, '../tests/browser/node_modules/playwright-core'));

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const loads = [];
  page.on('load', async () => {
    const at = Date.now();
    loads.push({ at, text: await page.content().catch(() => '') });
  });
  await page.goto(process.argv[2]);
  console.log('ready');
  for await (const marker of readline.createInterface({ input: process.stdin })) {
    for (;;) {
      const found = loads.find((load) => load.text.includes(marker));
      if (found) { console.log(found.at); break; }
      await new Promise((next) => setTimeout(next, 5));
    }
    loads.length = 0;
  }
  await browser.close();
})();
