// What the browser tests stand on: the example built once into a temporary folder, a small server over that folder,
// Chromium, and a parser for the pages on disk (Chromium's own).
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { chromium } = require('playwright-core');

const root = path.join(__dirname, '../..');

// The day all tests live in.
const now = '2026-11-23 09:00';

// As strict as the pages bear: nothing inline, nothing from elsewhere, no data: pictures, no eval.
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "media-src 'self'", "font-src 'self'", "connect-src 'self'",
  "manifest-src 'self'", "worker-src 'self'", "frame-src 'self'", "frame-ancestors 'self'", "form-action 'self'",
  "base-uri 'none'", "object-src 'none'",
].join('; ');

const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.xml': 'application/xml', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8', '.mp4': 'video/mp4', '.pdf': 'application/pdf',
};

// The program under test: CIVICAST, or the newer one of the two that cargo builds.
function binary() {
  if (process.env.CIVICAST) return path.resolve(process.env.CIVICAST);
  const target = process.env.CARGO_TARGET_DIR || path.join(root, 'target');
  const found = ['release', 'debug'].map((profile) => path.join(target, profile, 'civicast')).filter((file) => fs.existsSync(file));
  if (!found.length) throw new Error('No civicast to test: run `cargo build --release`, or name one in CIVICAST');
  return found.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs)[0];
}

// Runs civicast on a site (the example unless told) and returns what it says.
function civicast(args, site = root) {
  // The program takes CIVICAST_… for settings.
  const { CIVICAST_LONG, ...env } = process.env;
  return execFileSync(binary(), [...args, '--site', site], { env, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

function temporary(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `civicast-${name}-`));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// The folder the example is built into.
function build(at = now) {
  const output = path.join(temporary('browser'), 'public');
  civicast(['build', '--now', at, '--output', output]);
  return output;
}

// All files below a folder, as paths with slashes, sorted.
function files(folder, below = '') {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? files(folder, name) : [name];
  }).sort();
}

// The file an address of the site answers with, or null. Folders answer with their index.html.
function fileOf(folder, pathname) {
  const wanted = path.posix.normalize(decodeURIComponent(pathname));
  if (wanted.split('/').includes('..')) return null;
  const name = wanted.endsWith('/') ? `${wanted}index.html` : wanted;
  const file = path.join(folder, name);
  return fs.existsSync(file) && fs.statSync(file).isFile() ? name.slice(1) : null;
}

// Serves a folder as a plain web server does: index.html in folders, 404.html for what is missing, the policy on everything.
async function serve(folder, headers = { 'Content-Security-Policy': policy }) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = fileOf(folder, pathname);
    if (!name && !pathname.endsWith('/') && fileOf(folder, `${pathname}/`)) {
      response.writeHead(301, { Location: `${pathname}/` }).end();
      return;
    }
    let body = fs.readFileSync(path.join(folder, name || '404.html'));
    const type = types[path.extname(name || '404.html')] || 'application/octet-stream';
    // Texts travel compressed, as the sample configurations for web servers have it.
    const packed = /text|json|xml|javascript|svg/.test(type) && /gzip/.test(request.headers['accept-encoding'] || '');
    if (packed) body = zlib.gzipSync(body);
    if (packed) response.setHeader('Content-Encoding', 'gzip');
    response.writeHead(name ? 200 : 404, { 'Content-Type': type, 'Content-Length': body.length, 'X-Content-Type-Options': 'nosniff', ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}

function launch(more = []) {
  const executablePath = process.env.CHROMIUM
    || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => fs.existsSync(file));
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...more],
  });
}

// A page that remembers what went wrong: messages of the console, failed requests, requests to another origin.
async function watchedPage(context, origin) {
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => { if (!request.url().startsWith(`${origin}/`)) faults.push(`another origin: ${request.url()}`); });
  page.on('response', (response) => { if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`); });
  return { page, faults };
}

module.exports = { root, now, policy, binary, civicast, temporary, build, files, fileOf, serve, launch, watchedPage };
