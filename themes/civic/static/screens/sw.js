/*
 * Keeps a screen alive without its server: pictures by their hash for ever, everything else newest first. This file stays
 * the same from build to build; what it keeps changes with what the player asks for.
 */
'use strict';
var NAME = 'civicast-screens-1';

self.addEventListener('install', function (event) { event.waitUntil(self.skipWaiting()); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) { return; }
  // Addresses differ only by what makes every poll a new one.
  var key = url.origin + url.pathname;
  event.respondWith(/\/files\/[0-9a-f]{64}\./.test(url.pathname) ? keptFirst(event.request, key) : newestFirst(event.request, key));
});

function keptFirst(request, key) {
  return caches.open(NAME).then(function (cache) {
    return cache.match(key).then(function (kept) { return kept || fromNetwork(request, key, cache); });
  });
}

function newestFirst(request, key) {
  return caches.open(NAME).then(function (cache) {
    return fromNetwork(request, key, cache).then(function (response) {
      return response.ok ? response : cache.match(key).then(function (kept) { return kept || response; });
    }, function (error) {
      return cache.match(key).then(function (kept) { if (kept) { return kept; } throw error; });
    });
  });
}

function fromNetwork(request, key, cache) {
  return fetch(request).then(function (response) {
    // The pointer is never kept: an old one would look like news, with an old Date.
    if (response.ok && !/\/head\.json$/.test(key)) { cache.put(key, response.clone()).catch(function () { return undefined; }); }
    return response;
  });
}
