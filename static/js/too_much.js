// Holds back a form with more words than the server takes, so that they stay where they were written. Without this a page says so.
// data-most-words, on what stands there hidden and says it: how many bytes are taken at once.
const asSent = (words) => words.replace(/\r?\n/g, "\r\n");

const size = (form, button) => {
  const words = [...new FormData(form, button)].filter(([, value]) => typeof value === "string")
    .map(([name, value]) => [name, asSent(value)]);
  return form.enctype === "multipart/form-data"
    ? new Blob(words.map(([name, value]) => `${name}==${value}`)).size
    : new URLSearchParams(words).toString().length;
};

for (const told of document.querySelectorAll("[data-most-words]")) {
  const form = told.closest("form");
  form.addEventListener("submit", (event) => {
    told.hidden = size(form, event.submitter) <= Number(told.dataset.mostWords);
    if (told.hidden) return;
    event.preventDefault();
    told.focus();
  });
}
