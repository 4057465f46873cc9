// Records what the app of a release says to the server: see README.md. Node with playwright-core; Chromium.
//   SERVER=…/tung-nha APP=…/dist OUT=…/server/tests/released/<version> node record.js
const fs = require("fs"), os = require("os"), path = require("path"), { spawn } = require("child_process");
const { chromium } = require("playwright-core");
const { SERVER, APP, OUT } = process.env, PORT = process.env.PORT ?? "8467";
const id = (testid) => `[data-testid="${testid}"]`;
const requests = [], seed = new Map(), born = new Set();

async function startServer() {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "tung-nha-record-"));
  const child = spawn(SERVER, ["demo", "--data", data, "--port", PORT, "--app", APP], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (part) => (text += part));
  while (!text.includes("đang chạy tại")) await new Promise((done) => setTimeout(done, 200));
  const lines = text.split("\n").map((line) => line.trim()), links = {};
  lines.forEach((line, at) => line.startsWith("http") && (links[lines[at - 1]] = line));
  return { child, links };
}

// What a phone asks, in order, with the verdicts that it got; what it downloaded before anybody here had written it.
async function phone(name) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "tung-nha-phone-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], viewport: { width: 360, height: 800 }, locale: "vi-VN",
  });
  const page = context.pages()[0];
  page.setDefaultTimeout(8000);
  page.on("pageerror", (error) => console.log(name, String(error).slice(0, 200)));
  const known = new Map();
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!url.pathname.startsWith("/api/")) return;
    const body = request.postData() ? JSON.parse(request.postData()) : null;
    const entry = { at_ms: Date.now(), phone: name, method: request.method(), path: url.pathname, body };
    for (const push of body?.push ?? []) if (!seed.has(push.id)) born.add(push.id);
    known.set(request, entry);
    requests.push(entry);
  });
  page.on("response", async (response) => {
    const entry = known.get(response.request());
    if (!entry) return;
    entry.status = response.status();
    const reply = await response.json().catch(() => null);
    if (entry.path === "/api/join") entry.member = reply?.member;
    if (entry.path !== "/api/sync" || !reply) return;
    entry.results = reply.results;
    for (const scope of reply.scopes) for (const { n, d } of scope.docs ?? [])
      if (!seed.has(d.id) && !born.has(d.id)) seed.set(d.id, { scope: scope.scope, n, d });
  });
  return { name, page, context };
}

async function step(what, act) {
  try { await act(); console.log("  ", what); } catch (error) { console.log("NOT", what, String(error).split("\n")[0]); }
}
const sent = (page) => page.waitForSelector(`${id("sync-badge")}[data-state="all-sent"]`, { timeout: 60000 });
const tap = (page, css) => page.locator(css).first().click();
const pause = (page) => page.waitForTimeout(700);

async function join(who, link) {
  await who.page.goto(link);
  await tap(who.page, id("join-start"));
  await who.page.waitForSelector(id("sync-badge"), { timeout: 120000 });
  await sent(who.page);
}

async function doors(page) {
  await page.goto(`http://localhost:${PORT}/tuyen`);
  await page.waitForSelector('[data-testid^="household-row-"]');
  return page.evaluate(() => [...document.querySelectorAll('[data-testid^="household-row-"]')]
    .filter((row) => row.dataset.state === "not-yet" && row.querySelector(".household-row__person"))
    .map((row) => row.dataset.testid.slice("household-row-".length)));
}
const open = async (page, door) => {
  await page.goto(`http://localhost:${PORT}/ho/${door}`);
  await page.waitForSelector(id("door-outcomes"));
};
const mark = (service) => `${id("person")} [data-service="${service}"] ${id("service-mark")}[data-state="unknown"]`;

async function member(who) {
  const { page, context } = who, list = await doors(page);
  let next = 0;
  const visit = async (what, act) => step(what, async () => { await open(page, list[next++ % list.length]); await act(); await pause(page); });
  await visit("a person, all services, proficient", async () => {
    await tap(page, id("resident-proficient"));
    for (const service of ["eid_level2", "health_record", "public_signature"]) { await tap(page, mark(service)); await pause(page); }
  });
  for (const outcome of ["absent", "refused", "moved-away"]) await visit(outcome, () => tap(page, id(`action-${outcome}`)));
  await visit("absent, taken back", async () => { await tap(page, id("action-absent")); await tap(page, id("snackbar-action")); });
  await visit("come back", async () => { await tap(page, id("action-appointment")); await tap(page, `${id("door-sheet")} [data-testid^="choice-"]`); });
  await visit("had before", async () => { await tap(page, id("resident-more")); await tap(page, id("all-before")); });
  await visit("all at once", async () => { await tap(page, id("resident-more")); await tap(page, id("all-done")); });
  await visit("to the police", async () => { await tap(page, id("resident-more")); await tap(page, id("refer-police")); });
  await visit("not insured", async () => { await tap(page, id("resident-more")); await tap(page, id("not-insured")); });
  for (const service of ["eid", "health", "signature"]) await visit(`steps of ${service}`, async () => {
    await tap(page, id("resident-more"));
    await tap(page, `[data-testid^="steps-${service}"]`);
    const steps = page.locator(`${id("steps")} [data-testid^="choice-"]`);
    await steps.nth((await steps.count()) - 1).click();
    await tap(page, id("step-save"));
  });
  await visit("a step corrected", async () => {
    await tap(page, mark("eid_level2"));
    await pause(page);
    await tap(page, id("resident-more"));
    await tap(page, '[data-testid^="steps-eid"]');
    await tap(page, `${id("step-correct")}, ${id("record-correct")}`);
  });
  await visit("difficulties with a note", async () => {
    await tap(page, id("resident-more"));
    await tap(page, id("more-difficulties"));
    for (const box of [0, 1, 2]) await page.locator(`${id("door-sheet")} input[type="checkbox"]`).nth(box).click({ force: true });
    await page.fill(id("difficulties-note-input"), "Hẹn chiều mai quay lại").catch(() => {});
    await tap(page, id("difficulties-save"));
  });
  await visit("somebody has gone", async () => {
    await tap(page, id("resident-more"));
    await tap(page, id("gone-ask"));
    await tap(page, `${id("gone-why")} [data-testid^="choice-"]`);
  });
  await visit("a household edited", async () => {
    await page.goto(`${page.url()}/sua`);
    await page.fill(id("household-phone-input"), "0912 345 678");
    await page.fill(id("household-note-input"), "Gọi cổng sau").catch(() => {});
    await tap(page, id("form-save"));
  });
  await visit("a person edited", async () => {
    await tap(page, id("resident-more"));
    await tap(page, id("edit-resident"));
    await page.fill(id("resident-year-input"), "1971");
    await tap(page, id("form-save"));
  });
  await visit("a new person", async () => {
    await tap(page, id("add-resident"));
    await page.fill(id("resident-name-input"), "Lý Thị Thử");
    await page.fill(id("resident-year-input"), "1990");
    await tap(page, id("form-save"));
  });
  await step("a new household", async () => {
    await page.goto(`http://localhost:${PORT}/ho-moi`);
    await page.fill(id("household-head-input"), "Ma Văn Thử");
    await page.fill(id("household-number-input"), "99");
    await tap(page, id("form-save"));
    await pause(page);
  });
  await step("sent", () => sent(page));
  await step("an answer is lost, and the same is sent again", async () => {
    let lost = 0;
    await page.route("**/api/sync", async (route) => {
      if (lost || !(route.request().postData() ?? "").includes('"doc"')) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await open(page, list[next++ % list.length]);
    await tap(page, id("action-refused"));
    await page.waitForTimeout(4000);
    await page.unroute("**/api/sync");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await sent(page);
  });
  await step("an afternoon without a network", async () => {
    await context.setOffline(true);
    for (const outcome of ["absent", "moved-away"]) { await open(page, list[next++ % list.length]); await tap(page, id(`action-${outcome}`)); await pause(page); }
    await context.setOffline(false);
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await sent(page);
  });
}

async function lead({ page }) {
  const at = (path) => page.goto(`http://localhost:${PORT}${path}`);
  await step("an invite", async () => { await at("/dia-ban"); await tap(page, id("invite")); await page.waitForSelector(id("invite-link")); });
  await step("a new route", async () => {
    await at("/dia-ban/tuyen");
    await tap(page, id("route-add"));
    await page.fill(id("route-name-input"), "Tuyến thử");
    await tap(page, id("route-save"));
    await pause(page);
  });
  await step("a route given to somebody", async () => {
    await tap(page, id("route-assign"));
    await tap(page, `${id("route-member")} >> nth=2`);
    await tap(page, id("route-save-members"));
    await pause(page);
  });
  await step("divided evenly", async () => { await tap(page, id("routes-even")); await tap(page, id("even-write")); await pause(page); });
  await step("two who are one", async () => { await at("/dia-ban?xem=nghi-trung"); await tap(page, id("double-join")); await pause(page); });
  await step("two who are not", async () => { await tap(page, id("double-apart")); await pause(page); });
  await step("a difficulty settled", async () => { await at("/dia-ban?xem=kho-khan"); await tap(page, id("settle")); await pause(page); });
  await step("a report", async () => { await at("/bao-cao"); await tap(page, id("report-freeze")); await pause(page); });
  await step("sent", () => sent(page));
}

async function coordinator({ page }) {
  const at = (path) => page.goto(`http://localhost:${PORT}${path}`);
  await step("the plan", async () => {
    await at("/phuong/ke-hoach");
    await page.locator(`${id("plan-form")} input[inputmode="numeric"]`).first().fill("20");
    await tap(page, id("plan-save"));
    await pause(page);
  });
  await step("the plans that come with the program", async () => { await at("/phuong/ke-hoach"); await tap(page, id("presets")); await pause(page); });
  await step("a support point", async () => {
    await at("/phuong");
    await tap(page, id("new-point"));
    await page.fill(id("point-name-input"), "Trạm y tế thử");
    await tap(page, `${id("new-point-form")} button[type="submit"]`);
    await pause(page);
  });
  await step("an area given to somebody", async () => {
    await at("/phuong");
    const area = [...seed.values()].find(({ d }) => d.k === "area" || d.kind === "area")?.d.id;
    await at(`/phuong?dia-ban=${area}`);
    await tap(page, `${id("assign")} summary`);
    await page.locator(`${id("assign")} input[type="checkbox"]`).nth(6).click({ force: true });
    await pause(page);
  });
  await step("a report", async () => { await at("/bao-cao"); await tap(page, id("report-freeze")); await pause(page); });
  await step("sent", () => sent(page));
}

(async () => {
  const { child, links } = await startServer();
  try {
    for (const [role, work] of [["Thành viên", member], ["Tổ trưởng", lead], ["Cán bộ xã, phường", coordinator]]) {
      const link = links[role] ?? links[Object.keys(links).find((key) => key.startsWith(role.slice(0, 6)))];
      console.log(role, link ? "" : `no link among ${Object.keys(links)}`);
      const who = await phone(role);
      await join(who, link);
      await work(who);
      await who.page.waitForTimeout(1000);
      await who.context.close();
    }
  } finally {
    child.kill();
  }
  const pushed = requests.flatMap((request) => request.body?.push ?? []);
  const text = JSON.stringify(pushed), always = ["commune", "area", "member", "campaign", "route"];
  const kept = [...seed.values()].filter(({ d }) => always.includes(d.kind ?? d.k) || text.includes(d.id));
  for (const request of requests) if (request.path === "/api/join") request.body.code = "";
  fs.mkdirSync(OUT, { recursive: true });
  const lines = (rows) => `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
  fs.writeFileSync(path.join(OUT, "seed.json"), lines(kept));
  fs.writeFileSync(path.join(OUT, "requests.json"), lines(requests.filter((request) => request.status)));
  const kinds = {};
  for (const { doc } of pushed) kinds[doc.kind ?? doc.k] = (kinds[doc.kind ?? doc.k] ?? 0) + 1;
  console.log(requests.length, "requests,", kept.length, "documents before", kinds);
  process.exit();
})();
