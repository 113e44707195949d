// Says that a form is on its way, and lets its button be pressed once. Without this the browser alone shows that it waits.

const form = document.querySelector("form[data-says-it-is-on-its-way]");
const place = document.getElementById("on-its-way");
const said = document.getElementById("on-its-way-said");

const turn = (isOnItsWay) => {
  form.querySelector("button").disabled = isOnItsWay;
  place.hidden = !isOnItsWay;
  said.textContent = isOnItsWay ? place.textContent.trim() : "";
};

form.addEventListener("submit", () => turn(true));
// Another file is chosen where the first one was stopped, or the same one anew, of which a browser tells no change;
// and “back” shows the page as it was left.
for (const chosen of ["click", "change"]) {
  form.querySelector("[type='file']").addEventListener(chosen, () => turn(false));
}
window.addEventListener("pageshow", () => turn(false));
