// Shows how far a list is while it is saved. Without this the browser waits, and the page says for how long.
// Here the form is sent twice: first for the lines of monitoring/enrol/progress.py, and when they have ended, or
// broken off, the plain way. The server knows by then what it has saved, saves nothing twice, and answers with a page.

const form = document.querySelector("form[data-shows-how-far]");
const place = document.getElementById("how-far");
const said = document.getElementById("how-far-said");
const number = new Intl.NumberFormat(document.documentElement.lang);
const TYPE = "application/x-ndjson";
let isSaving = false;
let last = "";

const name = (doing) => {
  place.querySelectorAll("[data-while]").forEach((words) => { words.hidden = words.dataset.while !== doing; });
};

const show = ({ doing, done, of }) => {
  name(doing);
  const bar = place.querySelector("progress");
  bar.max = of;
  // Of a long list the first are a while in coming: until then it moves, without a figure of its own.
  if (done) bar.value = done;
  else bar.removeAttribute("value");
  place.querySelector("[data-done]").textContent = number.format(done);
  place.querySelector("[data-of]").textContent = number.format(of);
  const figures = place.querySelector("[data-figures]");
  figures.hidden = false;
  // Each tenth is said, not each line.
  const tenth = `${doing} ${Math.floor((10 * done) / of)}`;
  if (tenth === last) return;
  last = tenth;
  const doingNow = place.querySelector("[data-while]:not([hidden])");
  said.textContent = `${doingNow.textContent}: ${figures.textContent}`;
};

// What became of it is asked, and how long that takes is not known.
const showAsking = () => {
  name("asking");
  place.querySelector("progress").removeAttribute("value");
  place.querySelector("[data-figures]").hidden = true;
};

const turn = (saving) => {
  isSaving = saving;
  form.hidden = saving;
  place.hidden = !saving;
};

const read = async function* (body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
  }
};

// Whether the answer came to its end; there may have been nothing to tell.
const follow = async () => {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: TYPE }, redirect: "manual" });
  if (answer.headers.get("Content-Type") !== TYPE) return true;
  for await (const line of read(answer.body)) {
    if (line.ended) return true;
    show(line);
  }
  return false;
};

const save = async () => {
  turn(true);
  place.focus();
  const hasEnded = await follow().catch(() => false);
  const bar = place.querySelector("progress");
  if (!hasEnded || bar.value < bar.max) showAsking();
  // A page that is being left breaks off what it asked for, and is then not to go elsewhere; and a server that is
  // started anew needs its moment.
  if (!hasEnded) await new Promise((resolve) => { setTimeout(resolve, 1000); });
  isSaving = false;
  form.submit();
};

form.addEventListener("submit", (event) => {
  if (!form.checkValidity()) return; // the page says what is missing
  event.preventDefault();
  save();
});
window.addEventListener("beforeunload", (event) => { if (isSaving) event.preventDefault(); });
// Come back to by “back”, the page is there as it was left.
window.addEventListener("pageshow", (event) => { if (event.persisted) turn(false); });
