'use strict';
// Makes the sheets that people look at: every slide template on every profile with short, ordinary and long text, in the fonts
// of this machine. `node sheet.js [folder]` writes one PNG for each profile, by default into target/slides.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { launch } = require('./harness.js');

const root = path.resolve(__dirname, '../..');
const slides = path.join(root, 'target/slides');

async function main() {
  const folder = path.resolve(process.argv[2] || slides);
  execFileSync('cargo', ['test', '--lib', 'slide_sheet', '--', '--ignored'], { cwd: root, stdio: 'inherit' });
  fs.mkdirSync(folder, { recursive: true });
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1780, height: 1000 } });
    for (const name of fs.readdirSync(slides).filter((file) => /^\d+x\d+\.html$/.test(file)).sort()) {
      await page.goto('file://' + path.join(slides, name));
      const target = path.join(folder, name.replace('.html', '.png'));
      await page.screenshot({ path: target, fullPage: true });
      console.log(target);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
