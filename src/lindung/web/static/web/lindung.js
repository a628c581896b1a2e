// Everything here is a convenience: each page works without it.
document.addEventListener("htmx:configRequest", event => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.token;
});
