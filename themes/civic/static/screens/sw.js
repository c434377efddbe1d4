/*
 * Keeps a screen alive without its server: pictures by their hash for ever, everything else newest first. This file stays
 * the same from build to build; what it keeps changes with what the player asks for and tells it to keep.
 */
'use strict';
var NAME = 'civicast-screens-1';
var TIMEOUT_MS = 4000;
var HASHED = /\/files\/([0-9a-f]{64})\./;

self.addEventListener('install', function (event) { event.waitUntil(self.skipWaiting()); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) { return; }
  // The pointer is never kept: an old one would look like news, with an old Date.
  if (/\/head\.json$/.test(url.pathname)) { return; }
  event.respondWith(HASHED.test(url.pathname) ? keptFirst(event.request) : newestFirst(event.request));
});

self.addEventListener('message', function (event) {
  if (event.data && event.data.screen && event.data.keep) { event.waitUntil(keep(event.data.screen, event.data.keep)); }
});

/* Addresses differ only by what makes every request a new one. */
function keyOf(address) {
  var url = new URL(address, self.location.href);
  return url.origin + url.pathname;
}

function keptFirst(request) {
  var range = request.headers.get('range');
  return caches.open(NAME).then(function (cache) {
    return cache.match(keyOf(request.url)).then(function (kept) {
      if (range) { return kept ? part(kept, range) : fetch(request); }
      return kept || checked(request, cache, false).then(null, function () { return checked(request, cache, true); });
    });
  });
}

/* Videos are asked for in parts. */
function part(kept, range) {
  return kept.blob().then(function (blob) {
    var wanted = /^bytes=(\d*)-(\d*)$/.exec(range) || ['', '0', ''];
    var start = wanted[1] === '' ? Math.max(blob.size - Number(wanted[2]), 0) : Number(wanted[1]);
    var end = wanted[1] === '' || wanted[2] === '' ? blob.size : Math.min(Number(wanted[2]) + 1, blob.size);
    if (start >= end) { return new Response('', { status: 416, headers: { 'Content-Range': 'bytes */' + blob.size } }); }
    return new Response(blob.slice(start, end), { status: 206, headers: {
      'Content-Type': kept.headers.get('Content-Type') || 'video/mp4', 'Content-Length': String(end - start),
      'Content-Range': 'bytes ' + start + '-' + (end - 1) + '/' + blob.size, 'Accept-Ranges': 'bytes'
    } });
  });
}

/* A file whose name is its SHA-256: what has another one is never kept and never shown. */
function checked(request, cache, again) {
  var key = keyOf(request.url), hash = HASHED.exec(key)[1];
  return fetch(key, again ? { cache: 'reload' } : {}).then(function (response) {
    if (!response.ok) { return response; }
    return response.clone().arrayBuffer().then(function (body) { return crypto.subtle.digest('SHA-256', body); }).then(function (digest) {
      var text = [].map.call(new Uint8Array(digest), function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
      if (text !== hash) { throw new Error('hash of ' + key); }
      put(cache, key, response);
      return response;
    });
  });
}

/* A server that hangs must not keep a screen from starting. */
function newestFirst(request) {
  var key = keyOf(request.url);
  return caches.open(NAME).then(function (cache) {
    return cache.match(key).then(function (kept) {
      var network = fetch(request).then(function (response) {
        if (response.ok) { put(cache, key, response); }
        return response.ok || !kept ? response : kept;
      });
      if (!kept) { return network; }
      var late = new Promise(function (done) { setTimeout(function () { done(kept); }, TIMEOUT_MS); });
      return Promise.race([network.then(null, function () { return kept; }), late]);
    });
  });
}

/* A full disk is no reason to stop. */
function put(cache, key, response) {
  cache.put(key, response.clone()).then(null, function () { return undefined; });
}

/* Fetches what a screen needs and is not here yet, then drops the files that no screen needs any more. */
function keep(screen, addresses) {
  var lists = self.registration.scope + 'kept/', keys = addresses.map(keyOf);
  return caches.open(NAME).then(function (cache) {
    return cache.put(lists + encodeURIComponent(screen), new Response(JSON.stringify(keys))).then(function () {
      return keys.reduce(function (before, key) {
        return before.then(function () { return cache.match(key); }).then(function (kept) {
          return kept || (HASHED.test(key) ? checked(new Request(key), cache, false) : newestFirst(new Request(key)));
        }).then(null, function () { return undefined; });
      }, Promise.resolve());
    }).then(function () {
      return cache.keys();
    }).then(function (requests) {
      var found = requests.map(function (request) { return request.url; });
      return Promise.all(found.filter(function (url) { return url.indexOf(lists) === 0; }).map(function (url) {
        return cache.match(url).then(function (list) { return list.json(); });
      })).then(function (all) {
        var wanted = {};
        all.forEach(function (list) { list.forEach(function (key) { wanted[key] = true; }); });
        return Promise.all(found.filter(function (url) { return HASHED.test(url) && !wanted[url]; })
          .map(function (url) { return cache.delete(url); }));
      });
    });
  }).then(null, function () { return undefined; });
}
