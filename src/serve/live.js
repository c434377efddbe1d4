// Live preview: reloads this page when its bytes changed and shows what is wrong with the site.
// Runs under a strict content security policy: no inline script, no inline style attribute, text only as text.
(function () {
  'use strict';
  var own = document.currentScript;
  var page = own ? own.getAttribute('data-page') : '';
  var panel = null;
  var closed = '';

  // What the preview adds to a page is not printed with it. A sheet of this kind passes every policy.
  try {
    var paper = new CSSStyleSheet();
    paper.replaceSync('@media print { [data-civicast] { display: none !important; } html { padding-right: 0 !important; } }');
    document.adoptedStyleSheets = Array.from(document.adoptedStyleSheets).concat(paper);
  } catch (error) { /* An old browser prints it too. */ }

  function ask() {
    fetch('/__civicast/state?path=' + encodeURIComponent(location.pathname), { cache: 'no-store' })
      .then(function (answer) { return answer.json(); })
      .then(function (state) {
        // While there are errors the page is the last good one, and stays.
        if (state.page && state.page !== page) { renew(state); } else { show(state); frame(state); }
      })
      .catch(function () { /* The server is gone; the event source tries again by itself. */ });
  }

  // The screen beside the page, on pages whose document is for screens.
  function frame(state) {
    if (window.civicastFrame) { window.civicastFrame(state); return; }
    if (!state.screens || !state.screens.length || document.querySelector('script[data-frame]')) { return; }
    var script = document.createElement('script');
    script.src = '/__civicast/frame.js';
    script.setAttribute('data-frame', '');
    script.onload = function () { window.civicastFrame(state); };
    document.head.appendChild(script);
  }

  // A reload keeps the place on the page, also where the browser would not.
  var PLACE = 'civicast-place';
  function reload() {
    try { sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollX, scrollY])); } catch (error) { /* The browser's own memory has to do. */ }
    location.reload();
  }
  (function () {
    var place = null;
    try { place = JSON.parse(sessionStorage.getItem(PLACE)); sessionStorage.removeItem(PLACE); } catch (error) { return; }
    if (place && place[0] === location.pathname) { scrollTo(place[1], place[2]); addEventListener('load', function () { scrollTo(place[1], place[2]); }, { once: true }); }
  })();

  // A page that differs only in the names of its style sheets gets the new sheets and keeps its place.
  function renew(state) {
    fetch(location.href, { cache: 'no-store' })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, 'text/html');
        var now = sheets(document), next = sheets(fresh);
        var served = own && own.getAttribute('data-text');
        if (!served || now.length !== next.length || bare(fresh) !== served) { reload(); return; }
        for (var i = 0; i < now.length; i++) {
          if (now[i].getAttribute('href') !== next[i].getAttribute('href')) {
            now[i].setAttribute('href', next[i].getAttribute('href'));
          }
        }
        page = state.page;
        show(state);
        frame(state);
      })
      .catch(reload);
  }

  function sheets(doc) { return Array.prototype.slice.call(doc.querySelectorAll('link[rel="stylesheet"]')); }

  // The page as it was served, without what differs when only a style sheet changed.
  function bare(doc) {
    var copy = doc.documentElement.cloneNode(true);
    Array.prototype.forEach.call(copy.querySelectorAll('link[rel="stylesheet"], script[data-page]'), function (node) { node.remove(); });
    return copy.outerHTML;
  }

  // The scripts of the page change its tree, so what was served is asked for once, quietly.
  fetch(location.href, { cache: 'force-cache' })
    .then(function (answer) { return answer.text(); })
    .then(function (text) {
      var served = new DOMParser().parseFromString(text, 'text/html');
      var script = served.querySelector('script[data-page]');
      if (own && script && script.getAttribute('data-page') === page) { own.setAttribute('data-text', bare(served)); }
    })
    .catch(function () { /* Then a change of style reloads the page. */ });

  function element(name, style, text) {
    var node = document.createElement(name);
    for (var key in style) { node.style[key] = style[key]; }
    if (text) { node.textContent = text; }
    return node;
  }

  function show(state) {
    if (panel) { panel.remove(); panel = null; }
    if (!state.errors && !state.warnings) { closed = ''; return; }
    var key = JSON.stringify(state.problems);
    panel = element('aside', {
      position: 'fixed', left: '0', right: '0', bottom: '0', zIndex: '2147483647', maxHeight: '60vh', overflow: 'auto',
      padding: '12px 20px', background: '#1f2329', color: '#f4f5f6', font: '14px/1.6 system-ui, sans-serif', textAlign: 'left',
      borderTop: '4px solid ' + (state.errors ? '#c8161d' : '#d9a300')
    });
    panel.setAttribute('role', 'alert');
    panel.setAttribute('data-civicast', '');
    panel.setAttribute('lang', state.lang || '');
    var head = element('div', { display: 'flex', justifyContent: 'space-between', cursor: 'pointer' });
    head.appendChild(element('strong', { fontSize: '16px' }, state.title));
    var button = element('button', { color: 'inherit', background: 'none', border: '1px solid #888', padding: '0 10px', cursor: 'pointer' }, state.close);
    head.appendChild(button);
    panel.appendChild(head);
    var list = element('div', {});
    state.problems.forEach(function (problem) { list.appendChild(entry(problem)); });
    // Warnings are there for whoever asks; errors open by themselves.
    var open = state.errors > 0 && closed !== key;
    function fold() { list.style.display = open ? 'block' : 'none'; button.textContent = open ? state.close : '…'; }
    head.addEventListener('click', function () { open = !open; closed = open ? '' : key; fold(); });
    fold();
    panel.appendChild(list);
    document.body.appendChild(panel);
  }

  function entry(problem) {
    var box = element('div', { margin: '12px 0' });
    var colour = problem.severity === 'error' ? '#ff8a80' : '#ffd54f';
    box.appendChild(element('div', { color: colour }, problem.message + '  [' + problem.code + ']'));
    if (problem.place) { box.appendChild(element('code', { display: 'block', fontFamily: 'monospace' }, problem.place)); }
    if (problem.text) {
      box.appendChild(element('pre', { margin: '4px 0', padding: '4px 8px', background: '#2c3138', color: 'inherit', whiteSpace: 'pre-wrap' }, problem.text));
    }
    if (problem.hint) { box.appendChild(element('div', {}, problem.hint)); }
    if (problem.fix) {
      box.appendChild(element('pre', { margin: '4px 0', padding: '4px 8px', background: '#1d3a26', color: 'inherit', whiteSpace: 'pre-wrap' }, problem.fix));
    }
    return box;
  }

  // Browsers allow six connections to a server: one tab listens and tells the others.
  function listen(tell) {
    var source = new EventSource('/__civicast/events');
    source.onmessage = function () { ask(); tell(); };
  }
  if (navigator.locks && window.BroadcastChannel) {
    var channel = new BroadcastChannel('civicast');
    channel.onmessage = ask;
    navigator.locks.request('civicast', function () {
      listen(function () { channel.postMessage('moved'); });
      return new Promise(function () {});
    });
  } else {
    listen(function () {});
  }
  ask();
})();
