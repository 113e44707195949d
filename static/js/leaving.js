// Asks before a page is left with words that are not saved. Without this the page says “Not saved yet” and no more.
// data-asks-before-leaving: on a form, or on something in it.
// data-unsaved, likewise: what it holds was not saved when the page was made.
const marked = [...document.querySelectorAll("[data-asks-before-leaving]")];
const forms = marked.map((mark) => mark.closest("form"));
const read = (form) => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
const before = new Map(forms.map((form) => [form, read(form)]));
let isSending = false;

// Heard last of all: somebody else may hold it back. What opens in another window leaves nothing.
window.addEventListener("submit", (event) => {
  const staysOpen = event.defaultPrevented || event.submitter?.formTarget === "_blank";
  if (forms.includes(event.target)) isSending = !staysOpen;
});
// Come back to by “back”, the page is there as it was, and asks again.
window.addEventListener("pageshow", () => { isSending = false; });
window.addEventListener("beforeunload", (event) => {
  const isMarked = (form) => "unsaved" in form.dataset || form.querySelector("[data-unsaved]");
  const isUnsaved = (form) => isMarked(form) || read(form) !== before.get(form);
  if (!isSending && forms.some(isUnsaved)) event.preventDefault();
});
