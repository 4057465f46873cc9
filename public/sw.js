// Opens the app without a network. Every build is kept whole in a cache of its own, named by its build id, and a new
// build waits until the person agrees to it. A build that does not start gives way to the one before it. What the app
// stores (IndexedDB) is none of this file's business, but for the outbox: sealed capsules that it sends by Background
// Sync while the app is locked or closed.

// The build replaces this line (xtask/src/post_build.rs): an id, and every file as [url, SHA-256 in hex].
const PRECACHE = { build: "none", files: [] };

const PREFIX = "tung-nha-";
const CACHE = PREFIX + PRECACHE.build;
const OURS = new Set(PRECACHE.files.map(([url]) => url));
let isFirstInstall = false;
let isAgreedTo = false;

// Fails as a whole unless every file is the one that this build was made of. So neither a server in the middle of a
// deployment nor the sign-in page of a public Wi-Fi can put a broken app on a phone; the browser tries again later.
self.addEventListener("install", (event) => {
  isFirstInstall = !self.registration.active;
  event.waitUntil(keepAll());
});

async function keepAll() {
  if ((await versions()).bad.includes(PRECACHE.build)) {
    throw new Error(`build ${PRECACHE.build} did not start on this phone`);
  }
  const cache = await caches.open(CACHE);
  await Promise.all(PRECACHE.files.map(([url, hash]) => keep(cache, url, hash)));
}

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
  // A phone without room for a note is served all the same.
  event.waitUntil(begin().catch(() => {}).then(() => isFirstInstall && self.clients.claim()));
});

// A page names the build that it is of, since a page of the build before may still be open.
self.addEventListener("message", (event) => {
  const { data } = event;
  const answer = (value) => (event.ports[0] ?? event.source).postMessage(value);
  if (data === "use-new-version") {
    isAgreedTo = true;
    self.skipWaiting();
  }
  if (data === "version") event.waitUntil(served().then(told).then(answer));
  if (data === "has-previous") event.waitUntil(previous().then((name) => answer(name !== undefined)));
  if (data?.started === PRECACHE.build) event.waitUntil(noteStarted());
  if (data?.left === PRECACHE.build) event.waitUntil(noteLeft());
  if (data?.failed) event.waitUntil(giveUp(data.failed).then(() => answer(true)));
  if (typeof data?.isResting === "boolean") event.waitUntil(noteRest(data.isResting));
});

// Which build is served. One record in a cache of its own: the build that was seen to start last (`good`), the one that
// was in use before this worker took over (`before`), how often this worker's own build was opened since without saying
// that it started (`starts`), the builds that are not to be tried again (`bad`), whether the app was last seen between two
// visits and when (`isResting`, `restMs`: told while a newer build lies ready), and whether this build waits for that, and
// since when (`isHeld`, `heldMs`).
const VERSIONS = "versions";
const RECORD = "/versions.json";
const STARTS_MAX = 2;
const BAD_MAX = 20;
// Longer than a visit: a page that tells nothing, or never the end of it, must not keep a phone on an old build.
const VISIT_MS_MAX = 4 * 3_600_000;
const NOTHING_NOTED = {
  good: null, before: null, starts: 0, bad: [], isResting: true, restMs: 0, isHeld: false, heldMs: 0,
};
let record = null;

async function readVersions() {
  const stored = await (await caches.open(VERSIONS)).match(RECORD);
  return stored ? stored.json() : {};
}

// A record that cannot be read is none: the app opens all the same.
function versions() {
  record ??= readVersions().catch(() => ({})).then((known) => ({ ...NOTHING_NOTED, ...known }));
  return record;
}

async function note(edit) {
  const known = await versions();
  edit(known);
  const cache = await caches.open(VERSIONS);
  await cache.put(RECORD, new Response(JSON.stringify(known), { headers: { "content-type": "application/json" } }));
}

// What the worker before this one noted was read when this one was installed, perhaps days ago. A phone that is short of
// memory kills the app at a door, and then this worker takes over unasked: the visit goes on in the build it was begun in.
async function begin() {
  record = null;
  const { good, isResting, restMs } = await versions();
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const before = others.includes(PREFIX + good) ? PREFIX + good : others.at(-1);
  const isHeld = !isResting && isRecent(restMs) && !isAgreedTo;
  await note((known) => Object.assign(known, { before: before ?? null, starts: 0, isHeld, heldMs: Date.now() }));
}

function isRecent(ms) {
  const age = Date.now() - ms;
  return age >= 0 && age < VISIT_MS_MAX;
}

async function noteRest(isResting) {
  await note((known) => Object.assign(known, { isResting, restMs: Date.now() }));
}

// At a start: a build that was held for a visit is the one once the app was between two, and always after some hours. Until
// the app is started afresh its page goes on with the files of the build before.
async function endHold() {
  const { isHeld, heldMs, isResting } = await versions();
  if (isHeld && (isResting || !isRecent(heldMs))) await note((known) => (known.isHeld = false));
}

// The app has opened what is stored and shows its first page: from now on nothing leads back. Several tabs opened at once
// may have been counted as too many starts before the first of them could say so.
async function noteStarted() {
  const { good, bad } = await versions();
  if (good === PRECACHE.build) return;
  await note((known) => Object.assign(known, { good: PRECACHE.build, bad: bad.filter((id) => id !== PRECACHE.build) }));
}

// The person went away before the app could start: no fault of the build.
async function noteLeft() {
  const { good, starts } = await versions();
  if (good !== PRECACHE.build && starts > 0) await note((known) => (known.starts -= 1));
}

async function giveUp(build = PRECACHE.build) {
  // The build of a visit does not open any more: this one need not wait for it.
  if (build !== PRECACHE.build) return noteRest(true);
  if (await previous()) await note((known) => (known.bad = [...known.bad, PRECACHE.build].slice(-BAD_MAX)));
}

// The cache to go back to, while this build has not been seen to start.
async function previous() {
  const { good, before } = await versions();
  return good !== PRECACHE.build && before && (await caches.has(before)) ? before : undefined;
}

// The cache that pages come from.
async function served() {
  const { bad, isHeld } = await versions();
  return ((isHeld || bad.includes(PRECACHE.build)) && (await previous())) || CACHE;
}

async function told(name) {
  const isOther = name !== CACHE;
  const isHeld = isOther && (await versions()).isHeld;
  return { version: name.slice(PREFIX.length), hasFallenBack: isOther && !isHeld, isHeld };
}

// A start of the app. The one after too many that came to nothing is the start of the build before.
async function countStart() {
  await endHold();
  const { starts, good } = await versions();
  if (good === PRECACHE.build || !(await previous()) || (await served()) !== CACHE) return;
  await (starts < STARTS_MAX ? note((known) => (known.starts += 1)) : giveUp());
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;

  if (isOffice(url.pathname)) {
    // The office's list pages need the server for everything: without it the app says so.
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => fromCache("/", request)));
  } else if (request.mode === "navigate") {
    // A phone without room for a note still opens the app.
    event.respondWith(countStart().catch(() => {}).then(() => fromCache(OURS.has(url.pathname) ? url.pathname : "/", request)));
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
  const cache = await caches.open(await served());
  return (await cache.match(url)) ?? (await caches.match(url)) ?? fetch(request);
}

async function fromOldBuilds(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// Old builds stay until the app is started afresh: a page of the old build may still be open. They also stay while
// another worker installs or waits, since its cache must not be taken away, and the one before stays until this build has
// been seen to start.
async function forgetOldBuilds() {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const names = await caches.keys();
  if (open.length > 0 || self.registration.installing || self.registration.waiting) return;
  const kept = [CACHE, await previous()];
  const old = names.filter((name) => name.startsWith(PREFIX) && !kept.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

// --- The outbox (app/src/outbox): rows of JSON text; `own` holds this phone's unsent work, `carried` what it brings for
// others. All sealed: nothing here can read it, and sending it twice changes nothing.

const OUTBOX = "tung-nha-outbox";
// The app's own sync holds this lock too (app/src/sync/lock.rs).
const LOCK = "tung-nha-sync";
// Less than what makes the app stamp its work anew (one minute): what leaves here must keep its stamps.
const CLOCK_MS_MAX = 45_000;

// A promise that fails has the browser try again later.
self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(sendOutbox());
});

async function sendOutbox() {
  const pages = (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter(isApp);
  pages.forEach((page) => page.postMessage("sync-now"));
  // An open app does it by itself, and better. One out of sight may be frozen.
  if (pages.some((page) => page.visibilityState === "visible")) return;
  await navigator.locks.request(LOCK, async () => {
    const database = await openOutbox();
    try {
      await sendAll(database);
    } finally {
      database.close();
    }
  });
}

// What fails, perhaps by its size on a weak line, does not hold up the others; a server that asks for patience does.
async function sendAll(database) {
  const names = await done(database.transaction("carried").objectStore("carried").getAllKeys());
  let failure = null;
  for (const send of [() => sendOwn(database), ...names.map((name) => () => sendCarried(database, name))]) {
    try {
      await send();
    } catch (error) {
      if (error.asksForPatience) throw error;
      failure = error;
    }
  }
  if (failure) throw failure;
}

function isApp(page) {
  const path = new URL(page.url).pathname;
  return !isOffice(path) && !path.startsWith("/api/");
}

async function sendOwn(database) {
  const own = await changeRow(database, "own", "own", (row) => row);
  if (!own?.capsules.length || own.taken) return;
  const { server_ms } = await answerOf(fetch("/api/time"));
  if (!(Math.abs(server_ms - (Date.now() + own.offset_ms)) < CLOCK_MS_MAX)) return; // the app mends its clock first
  // Written down before it leaves: also when the answer is lost, the app must not change these stamps any more. The
  // app may have put newer work there meanwhile; then that comes next time.
  const isSame = (row) => row && row.newest === own.newest;
  const marked = await changeRow(database, "own", "own", (row) => (isSame(row) ? { ...row, left: true } : row));
  if (!isSame(marked)) return;
  for (const capsule of own.capsules) await bring(capsule);
  await changeRow(database, "own", "own", (row) => (isSame(row) ? { ...row, taken: true } : row));
}

async function sendCarried(database, name) {
  const carried = await changeRow(database, "carried", name, (row) => row);
  if (!carried || carried.outcome) return;
  const outcome = await bring(carried.capsule);
  await changeRow(database, "carried", name, (row) => row && { ...row, outcome });
}

// What the server said: counts, or its error. Fails when it was not our server, or when it asks for patience.
async function bring(capsule) {
  const body = Uint8Array.from(atob(capsule), (letter) => letter.charCodeAt(0));
  const headers = { "content-type": "application/octet-stream" };
  const answer = await answerOf(fetch("/api/capsules", { method: "POST", headers, body }));
  if (typeof answer.taken === "number") return answer;
  const code = answer.error?.code;
  const asksForPatience = ["too_many", "storage_full"].includes(code);
  if (!code || code === "internal" || asksForPatience) throw Object.assign(new Error("not now"), { asksForPatience });
  return answer.error;
}

async function answerOf(response) {
  return (await response).json();
}

async function openOutbox() {
  const request = indexedDB.open(OUTBOX, 1);
  request.onupgradeneeded = () => ["own", "carried"].forEach((store) => request.result.createObjectStore(store));
  return done(request);
}

// Reads a row and writes what `to` makes of it, in one transaction; answers what is there then.
async function changeRow(database, store, key, to) {
  const transaction = database.transaction(store, "readwrite", { durability: "strict" });
  const rows = transaction.objectStore(store);
  const old = parsed(await done(rows.get(key)));
  const row = to(old);
  if (row !== old) rows.put(JSON.stringify(row), key);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  return row;
}

function parsed(text) {
  return text === undefined ? undefined : JSON.parse(text);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
