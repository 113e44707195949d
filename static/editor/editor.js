// Makes an editor of each textarea with `data-editor`: "page" keeps HTML, "mail" keeps Markdown.
//
// It offers what cleaning keeps (courses/html.py), and hands on unchanged what else is kept there.
// The textarea stays the field that is sent: it is written to when somebody writes, and not before,
// so that words nobody touched are sent as they came. CKEditor comes from the package
// django-ckeditor-5, as `window.ClassicEditor`.

const KEPT = [
  "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "br",
  "a", "abbr", "b", "cite", "code", "em", "i", "q", "strong", "sub", "sup",
  "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd",
];
const ATTRIBUTES = { abbr: ["title"], th: ["scope"], ol: ["start"] };

const WORDS = ["Essentials", "Paragraph", "Autoformat", "Bold", "Italic", "Link", "List",
  "RemoveFormat", "PasteFromOffice", "FindAndReplace"];

const KINDS = {
  page: {
    plugins: [...WORDS, "Heading", "BlockQuote", "HorizontalLine", "Subscript", "Superscript",
      "Code", "Table", "TableToolbar", "ListProperties", "GeneralHtmlSupport", "SelectAll"],
    toolbar: { items: ["heading", "|", "bold", "italic", "link", "|", "bulletedList", "numberedList",
      "blockQuote", "horizontalLine", "insertTable", "|", "subscript", "superscript", "removeFormat",
      "|", "findAndReplace", "undo", "redo"] },
    heading: { options: [
      { model: "paragraph", title: "Paragraph", class: "ck-heading_paragraph" },
      { model: "heading2", view: "h2", title: "Heading", class: "ck-heading_heading2" },
      { model: "heading3", view: "h3", title: "Smaller heading", class: "ck-heading_heading3" },
      { model: "heading4", view: "h4", title: "Smallest heading", class: "ck-heading_heading4" },
    ] },
    list: { properties: { styles: false, startIndex: true, reversed: false } },
    table: { contentToolbar: ["tableColumn", "tableRow", "mergeTableCells"] },
    htmlSupport: { allow: KEPT.map((name) => ({ name, attributes: ATTRIBUTES[name] ?? [] })) },
  },
  mail: {
    plugins: [...WORDS, "Markdown", "SelectAll"],
    toolbar: { items: ["bold", "italic", "link", "|", "bulletedList", "numberedList", "|",
      "removeFormat", "undo", "redo"] },
  },
};

const LINKS = {
  defaultProtocol: "https://",
  allowedProtocols: ["https?", "mailto", "tel"],
};

// As a page keeps it: a table without the editor's frame, with its caption inside; a word and what
// it means without paragraphs of their own; a list without the editor's numbers for its points; and
// stress as <em>.
const asKept = (html) => {
  const page = new DOMParser().parseFromString(html.replace(/<(\/?)i>/g, "<$1em>"), "text/html");
  for (const figure of page.querySelectorAll("figure")) {
    const table = figure.querySelector("table");
    const words = figure.querySelector("figcaption");
    if (table && words) table.createCaption().innerHTML = words.innerHTML;
    figure.replaceWith(table ?? "");
  }
  for (const alone of page.querySelectorAll(":is(dt, dd) > p:only-child")) {
    alone.replaceWith(...alone.childNodes);
  }
  for (const point of page.querySelectorAll("[data-list-item-id]")) {
    point.removeAttribute("data-list-item-id");
  }
  return page.body.innerHTML;
};

// What stands in braces is a name, in which Markdown escapes nothing.
const withNames = (markdown) =>
  markdown.replace(/\{[^{}\n]*\}/g, (name) => name.replaceAll("\\", ""));

const WRITTEN = { page: asKept, mail: withNames };

const describe = (editor, textarea) => {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  const help = textarea.getAttribute("aria-describedby");
  const invalid = textarea.getAttribute("aria-invalid");
  editor.editing.view.change((writer) => {
    const root = editor.editing.view.document.getRoot();
    if (label) writer.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""), root);
    if (help) writer.setAttribute("aria-describedby", help, root);
    if (invalid) writer.setAttribute("aria-invalid", invalid, root);
  });
  label?.addEventListener("click", (event) => {
    event.preventDefault();
    editor.focus();
  });
};

// Come back to by “back” or read anew, a page gets its words again from the browser, after scripts
// have begun.
const shown = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else window.addEventListener("pageshow", resolve, { once: true });
});

const edit = async (textarea) => {
  if (textarea.dataset.edited || textarea.id.includes("__prefix__")) return;
  textarea.dataset.edited = "yes";
  const kind = textarea.dataset.editor;
  const place = document.createElement("div");
  place.className = "rich-text getting-ready";
  const inner = document.createElement("div");
  place.append(inner);
  // As high as the field it takes the place of, so that nothing moves below somebody's finger.
  place.style.setProperty("--as-high", `${textarea.offsetHeight}px`);
  textarea.before(place);
  const begun = textarea.value;
  try {
    const editor = await window.ClassicEditor.create(inner, {
      ...KINDS[kind], link: LINKS, licenseKey: "GPL", initialData: begun,
    });
    // What is inside them, in what is pasted, is no text.
    editor.data.htmlProcessor.domConverter.registerRawContentMatcher({ name: /^(script|style)$/ });
    await shown;
    if (textarea.value !== begun) editor.setData(textarea.value);
    textarea.hidden = true;
    place.classList.remove("getting-ready");
    describe(editor, textarea);
    editor.model.document.on("change:data", () => {
      textarea.value = WRITTEN[kind](editor.getData());
    });
  } catch (error) {
    // The textarea is still there, and does.
    place.remove();
    console.warn("The editor did not start; the field is plain.", error);
  }
};

const editAll = (within) => within.querySelectorAll("textarea[data-editor]").forEach(edit);

document.addEventListener("formset:added", (event) => editAll(event.target));
editAll(document);
