// Opens the app without a network. Every build is kept whole in a cache of its own, named by its build id, and a new
// build waits until the person agrees to it. What the app stores (IndexedDB) is none of this file's business.

// The build replaces this line (xtask/src/post_build.rs): an id, and every file as [url, SHA-256 in hex].
const PRECACHE = { build: "none", files: [] };

const PREFIX = "tung-nha-";
const CACHE = PREFIX + PRECACHE.build;
const OURS = new Set(PRECACHE.files.map(([url]) => url));
let isFirstInstall = false;

// Fails as a whole unless every file is the one that this build was made of. So neither a server in the middle of a
// deployment nor the sign-in page of a public Wi-Fi can put a broken app on a phone; the browser tries again later.
self.addEventListener("install", (event) => {
  isFirstInstall = !self.registration.active;
  event.waitUntil(
    caches.open(CACHE).then((cache) => Promise.all(PRECACHE.files.map(([url, hash]) => keep(cache, url, hash)))),
  );
});

async function keep(cache, url, hash) {
  // A file that an earlier build or a broken-off try has left costs the person no data.
  const known = (await cache.match(url)) ?? (await caches.match(url));
  if (known && (await hashOf(known)) === hash) {
    await cache.put(url, known);
    return;
  }
  // First as the browser likes, since the page has just loaded most of these files; past its cache if that was stale.
  for (const mode of ["default", "reload"]) {
    const fresh = await fetch(url, { cache: mode });
    if (fresh.ok && !fresh.redirected && (await hashOf(fresh)) === hash) {
      await cache.put(url, fresh);
      return;
    }
  }
  throw new Error(`${url} is not the file of build ${PRECACHE.build}`);
}

async function hashOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The page that installed the very first worker is taken over at once, so that one visit is enough to work offline.
// Later no page is taken over in the middle of a visit.
self.addEventListener("activate", (event) => {
  if (isFirstInstall) event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (event.data === "use-new-version") self.skipWaiting();
  if (event.data === "version") (event.ports[0] ?? event.source).postMessage({ version: PRECACHE.build });
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;

  if (isOffice(url.pathname)) {
    // The office's list pages need the server for everything: without it the app says so.
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => fromCache("/", request)));
  } else if (request.mode === "navigate") {
    event.respondWith(fromCache(OURS.has(url.pathname) ? url.pathname : "/", request));
    event.waitUntil(forgetOldBuilds());
  } else if (OURS.has(url.pathname)) {
    event.respondWith(fromCache(url.pathname, request));
  } else {
    // Perhaps a file of the build before, wanted by a page that is still open.
    event.respondWith(fromOldBuilds(request));
  }
});

function isOffice(path) {
  return path === "/danh-sach" || path.startsWith("/danh-sach/") || path.startsWith("/office-");
}

async function fromCache(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

async function fromOldBuilds(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// Old builds stay until the app is started afresh: a page of the old build may still be open. They also stay while
// another worker installs or waits, since its cache must not be taken away.
async function forgetOldBuilds() {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const names = await caches.keys();
  if (open.length > 0 || self.registration.installing || self.registration.waiting) return;
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}
