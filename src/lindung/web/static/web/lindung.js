// Everything here is a convenience: each page works without it.
document.addEventListener("htmx:configRequest", event => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.token;
});

// A page that comes back from the browser's own memory is asked for anew: somebody may have signed out meanwhile.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

(() => {
  const going = document.getElementById("going");
  if (!going) return;
  const PAUSE = 15 * 60e3, WARNING = 2 * 60e3, AFTER_THE_LAST_KEY = 3e3, A_MINUTE = 60e3;
  const latest = Date.now() + Number(going.dataset.left) * 1e3;
  const token = {"X-CSRFToken": document.body.dataset.token};
  let seen = Date.now(), noted = seen;

  // The server counts from its last real request, whichever tab made it.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("lindung") : null;
  const alive = tell => {
    seen = Date.now();
    going.hidden = true;
    if (tell && tabs) tabs.postMessage("alive");
  };
  if (tabs) { tabs.onmessage = () => alive(false); tabs.postMessage("alive"); }

  // Where the session is over the server has kept what came, and says where to sign in. null: the page took it back.
  const ask = (address, body, page, signal) => fetch(address, {
    method: "POST", credentials: "same-origin", redirect: "manual", headers: {...token, "X-Page": page}, body, signal
  }).then(answer => {
    const entrance = answer.headers.get("X-Sign-In");
    if (entrance) location.assign(entrance);
    else if (answer.ok) alive(true);
    return answer.type === "opaqueredirect" ? "over" : answer.ok;
  }, why => why.name === "AbortError" ? null : false);
  const stay = () => ask(going.dataset.stay, undefined, location.pathname);
  going.querySelector("button").addEventListener("click", stay);
  document.addEventListener("htmx:afterRequest", event => {
    const polling = event.detail.pathInfo.requestPath.split("?")[0].endsWith("/kemajuan/");
    if (event.detail.successful && !polling) alive(true);
  });

  setInterval(() => {
    const left = Math.min(seen + PAUSE, latest) - Date.now();
    if (left <= 0) location.assign(location.href);
    else if (left <= WARNING && going.hidden) {
      const last = latest <= seen + PAUSE;  // nothing prolongs the eight hours
      going.querySelector("[data-last]").hidden = !last;
      going.querySelector("[data-idle]").hidden = going.querySelector("button").hidden = last;
      going.hidden = false;
    }
  }, 1e3);

  // What is typed is kept on the server some seconds after the last key; passwords, codes and files are not.
  const waiting = new Map(), going_out = new Map();
  const kept = form => form && form.querySelector("[data-kept]");
  const keep = form => {
    waiting.delete(form);
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    for (const secret of form.querySelectorAll("input[type=password]")) fields.delete(secret.name);
    const page = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    const stop = new AbortController();
    going_out.set(form, stop);
    return ask(going.dataset.keep, fields, page, stop.signal).then(done => {
      const place = kept(form);
      if (!place || done === null) return;
      place.textContent = done === "over" ? place.dataset.over : done ? place.dataset.kept : place.dataset.lost;
      place.hidden = false;
    });
  };
  document.addEventListener("input", event => {
    const form = event.target.form;
    if (kept(form)) {
      clearTimeout(waiting.get(form));
      waiting.set(form, setTimeout(keep, AFTER_THE_LAST_KEY, form));
    } else if (Date.now() - noted > A_MINUTE) {
      noted = Date.now();
      stay();
    }
  });
  document.addEventListener("submit", event => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
    going_out.get(event.target)?.abort();  // or the draft would outlive what was sent
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const form of [...waiting.keys()]) { clearTimeout(waiting.get(form)); keep(form); }
  });
})();
