// Sends a file as soon as it is chosen, and says how far it is, so that the rest of the page can be
// written meanwhile and a refusal comes before anything is saved. Without this, files go with the
// form. What the server answers: courses/uploads/admin.py.

const STEP = 10; // percent between two announcements, so that they can be heard out

let pressed = null; // the button of a form that waits
let hasGrownOld = false; // the page: somebody signed out, or in again, since it was made

const upload = (place) => {
  const { dataset } = place;
  const part = (name) => place.querySelector(`[data-${name}]`);
  const input = place.querySelector("input[type=file]");
  const form = input.form;
  const bar = place.querySelector("progress");
  let request = null;

  const say = (words) => { part("status").textContent = words; };
  const fail = (words) => {
    say("");
    part("error").textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  const over = () => {
    request = null;
    part("under-way").hidden = true;
    place.dispatchEvent(new CustomEvent("upload-over", { bubbles: true }));
  };

  const refuse = (words) => {
    input.value = "";
    fail(words);
    over();
  };

  const take = ({ token, said }) => {
    input.value = ""; // it need not go once more with the form
    part("token").value = token;
    part("said").textContent = said;
    part("kept").hidden = false;
    const clear = place.querySelector("input[type=checkbox]");
    if (clear) clear.checked = false;
    say("");
    over();
  };

  const answered = () => {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // a page of another kind: that of signing in, or of the proxy
    }
    if (answer.token) {
      take(answer);
    } else if (answer.error) {
      refuse(answer.error);
    } else {
      hasGrownOld = request.status !== 413;
      refuse(hasGrownOld ? dataset.notTaken : dataset.tooLarge);
    }
  };

  // Whoever signed in again since the page was made: it is theirs from here on, and can be saved.
  const renew = async () => {
    try {
      const { csrf } = await (await fetch(dataset.address)).json();
      form.elements.csrfmiddlewaretoken.value = csrf;
      hasGrownOld = false;
    } catch {
      // nobody has signed in, or nobody is there
    }
    return !hasGrownOld;
  };

  const show = (loaded, total) => {
    const percent = Math.floor((100 * loaded) / total);
    const before = bar.value;
    bar.value = percent;
    part("percent").textContent = `${percent}%`;
    if (percent === 100) say(dataset.lookedAt);
    else if (Math.floor(percent / STEP) > Math.floor(before / STEP)) {
      const words = dataset.onItsWay.replace("%s", percent);
      say(pressed ? `${words}. ${dataset.waits}` : words);
    }
  };

  const send = async () => {
    const [file] = input.files;
    request?.abort();
    fail("");
    if (!file) {
      over();
      return;
    }
    if (file.size > Number(dataset.largest)) {
      refuse(dataset.tooLarge);
      return;
    }
    bar.value = 0;
    part("percent").textContent = "0%";
    part("under-way").hidden = false;
    part("kept").hidden = true;
    part("token").value = "";
    const own = new XMLHttpRequest();
    request = own;
    if (hasGrownOld && !(await renew())) {
      if (own === request) refuse(dataset.notTaken);
      return;
    }
    if (own !== request) return; // stopped meanwhile, or another file was chosen
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("kind", form.elements.kind?.value ?? "");
    data.append(input.name, file);
    request.open("POST", dataset.address);
    request.upload.addEventListener("progress", (event) => show(event.loaded, event.total));
    request.addEventListener("load", answered);
    request.addEventListener("error", () => refuse(dataset.brokeOff));
    request.send(data);
  };

  input.addEventListener("change", send);
  part("stop").addEventListener("click", () => {
    request?.abort();
    input.value = "";
    say(dataset.stopped);
    pressed = null; // or the page would be saved without it
    over();
    input.focus();
  });

  return {
    isUnderWay: () => request !== null,
    hasFailed: () => part("error").textContent !== "",
    wait: () => say(dataset.waits),
    focus: () => input.focus(),
  };
};

const uploads = [...document.querySelectorAll("[data-upload]")]
  .filter((place) => place.dataset.address)
  .map(upload);
const form = document.querySelector("[data-upload]")?.closest("form");

form?.addEventListener("submit", (event) => {
  const underWay = uploads.filter((each) => each.isUnderWay());
  if (underWay.length === 0) return;
  event.preventDefault();
  pressed = event.submitter;
  underWay.forEach((each) => each.wait());
});

form?.addEventListener("upload-over", () => {
  if (!pressed || uploads.some((each) => each.isUnderWay())) return;
  const button = pressed;
  pressed = null;
  const failed = uploads.find((each) => each.hasFailed());
  if (failed) failed.focus();
  else form.requestSubmit(button);
});

window.addEventListener("beforeunload", (event) => {
  if (uploads.some((each) => each.isUnderWay())) event.preventDefault();
});
