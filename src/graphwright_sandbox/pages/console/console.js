// Two conveniences of the sandbox's pages: copying, and lists that follow what happens.
"use strict";

const said = document.getElementById("said");

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    said.textContent = "Copied";
    button.textContent = "Copied";
  } catch {
    said.textContent = button.textContent = "Not copied";
  }
  setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 1500);
});

const live = document.querySelector("[data-live]");
const follow = document.getElementById("follow");

async function renew(tag) {
  const headers = tag ? { "If-None-Match": tag } : {};
  const response = await fetch(live.dataset.live, { headers, cache: "no-store" });
  if (response.status !== 200) return tag;
  const focused = document.activeElement?.closest("[data-live] [id]")?.id;
  live.innerHTML = await response.text();
  if (focused) document.getElementById(focused)?.focus();
  return response.headers.get("ETag");
}

async function keepRenewing() {
  let tag = null;
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    if (document.hidden || !follow.checked) continue;
    // The sandbox may be stopped and started anew while the page stays open.
    tag = await renew(tag).catch(() => null);
  }
}

if (live && follow) {
  follow.parentElement.hidden = false;
  keepRenewing();
}
