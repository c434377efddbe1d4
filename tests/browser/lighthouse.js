// A measure for development, not a test: Lighthouse (mobile) on the home page, a notice, a report and a list.
// Lighthouse is not among the packages of the tests: `npm install --no-save lighthouse`, then `node lighthouse.js`;
// or keep it in another folder and name that in LIGHTHOUSE.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { build, serve, temporary } = require('./harness.js');

const addresses = ['/', '/notices/poster-plan-2026/', '/reports/shifan-community/', '/notices/'];
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];

(async () => {
  const home = process.env.LIGHTHOUSE || __dirname;
  const command = path.join(home, 'node_modules/lighthouse/cli/index.js');
  const server = await serve(build());
  const folder = temporary('lighthouse');
  let worst = 100;
  for (const address of addresses) {
    const report = path.join(folder, 'report.json');
    await new Promise((done, fail) => {
      const run = spawn(process.execPath, [command, server.origin + address, '--quiet', '--output=json',
        `--output-path=${report}`, `--only-categories=${categories}`,
        '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'],
      { stdio: 'inherit', env: { CHROME_PATH: '/usr/bin/chromium', ...process.env } });
      run.on('exit', (code) => (code ? fail(new Error(`lighthouse ends with ${code}`)) : done()));
    });
    const result = JSON.parse(fs.readFileSync(report, 'utf8'));
    const scores = categories.map((name) => `${name} ${Math.round(result.categories[name].score * 100)}`);
    worst = Math.min(worst, ...categories.map((name) => Math.round(result.categories[name].score * 100)));
    console.log(`${address}: ${scores.join(', ')}`);
    for (const name of categories) {
      for (const { id, weight } of result.categories[name].auditRefs) {
        const audit = result.audits[id];
        if (weight && audit.score !== null && audit.score < 0.9) console.log(`  ${name}: ${audit.title} ${audit.displayValue || ''}`);
      }
    }
  }
  await server.close();
  process.exitCode = worst < 95 ? 1 : 0;
})();
