// Runs before the app and without it: says so when the browser is too old or the app does not start. Written so that
// old browsers understand it too.
(function () {
  "use strict";
  var PATIENCE = 20000;

  function show(id) {
    var boxes = document.querySelectorAll("#boot > [id]");
    for (var i = 0; i < boxes.length; i++) boxes[i].hidden = boxes[i].id !== id;
  }

  // The service worker is registered here and not by the app: a build that does not start must be replaceable.
  function registerWorker() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(function (error) {
      console.warn("service worker:", error);
    });
  }

  // The one place where a new version is not asked about: there is no running app to lose anything in.
  function startAfresh() {
    if (!navigator.serviceWorker) return location.reload();
    // Nor is a visit to be gone on with in a build that does not open any more.
    tellWorker({ isResting: true });
    navigator.serviceWorker.getRegistration().then(function (registration) {
      if (registration && registration.waiting) registration.waiting.postMessage("use-new-version");
      setTimeout(function () { location.reload(); }, 500);
    });
  }

  // Every page knows of which build it is; the worker (sw.js) counts starts that came to nothing.
  function build() {
    var meta = document.querySelector('meta[name="build"]');
    return meta ? meta.getAttribute("content") : "";
  }

  function tellWorker(message, hear) {
    var worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (!worker) return;
    var channel = new MessageChannel();
    channel.port1.onmessage = function (event) { if (hear) hear(event.data); };
    worker.postMessage(message, [channel.port2]);
  }

  function offerPrevious() {
    tellWorker("has-previous", function (has) { document.getElementById("boot-previous").hidden = !has; });
  }

  function usePrevious() {
    tellWorker({ failed: build() }, function () { location.reload(); });
  }

  // Whoever leaves while all is well has not seen a build fail.
  function left() {
    if (!hasFailed && Date.now() - opened < PATIENCE) tellWorker({ left: build() });
  }

  var canRun = "noModule" in HTMLScriptElement.prototype && typeof WebAssembly === "object" && "indexedDB" in window
    && typeof BigInt === "function" && "replaceChildren" in Element.prototype;
  if (!canRun) return show("boot-too-old");

  var opened = Date.now();
  var started = false;
  var hasFailed = false;
  function failed() {
    hasFailed = true;
    if (started) return;
    show("boot-failed");
    offerPrevious();
  }
  addEventListener("TrunkApplicationStarted", function () {
    started = true;
    var boot = document.getElementById("boot");
    if (boot) boot.parentNode.removeChild(boot);
  });
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);
  // On a weak line the download is still running: starting it again would only throw away what has come.
  setTimeout(function () {
    if (!started && !hasFailed) show("boot-slow");
  }, PATIENCE);
  document.getElementById("boot-again").addEventListener("click", startAfresh);
  document.getElementById("boot-previous").addEventListener("click", usePrevious);
  addEventListener("pagehide", left);
  registerWorker();
})();
