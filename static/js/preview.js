// Opens each preview where the material stands. A mark in its address would move the page around it
// as well, past what is said at the head.

const show = (frame) => {
  const place = frame.contentDocument?.getElementById(frame.dataset.place);
  const { top } = place?.getBoundingClientRect() ?? { top: 0 };
  frame.contentWindow?.scrollBy({ top, behavior: "instant" });
};

for (const frame of document.querySelectorAll("iframe[data-place]")) {
  show(frame);
  frame.addEventListener("load", () => show(frame));
}
