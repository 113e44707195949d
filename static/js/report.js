// Tells the server what was played and read, so that nobody has to. The page works without it.
// See portal/weeks/reports.py for the shape of a report, and who may send one.

const place = document.getElementById("reporting");

const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

export const send = (report) => {
  const body = JSON.stringify({ token: place.dataset.token, ...report });
  const blob = new Blob([body], { type: "application/json" });
  if (navigator.sendBeacon?.(place.dataset.address, blob)) return;
  fetch(place.dataset.address, { method: "POST", body: blob, keepalive: true }).catch(() => {});
};

// One playing, from "play" until it pauses, ends, jumps, changes speed or the page goes.
const followPlaying = (medium) => {
  let playing = null;
  let last = 0; // where it was before a jump: at "seeking" currentTime has jumped already

  const begin = () => {
    if (playing || medium.paused || medium.seeking) return;
    last = medium.currentTime;
    playing = { uuid: uuid(), at: Date.now(), position: last, speed: medium.playbackRate };
  };
  const end = (where) => {
    if (!playing) return;
    const { at, ...report } = playing;
    playing = null;
    const seconds = where - report.position;
    if (seconds < 0.5) return;
    const isDone = medium.ended || where >= medium.duration - 1;
    send({
      kind: "play",
      material: medium.dataset.key,
      ...report,
      ago: (Date.now() - at) / 1000,
      seconds,
      resume_at: isDone ? 0 : where,
    });
  };

  medium.addEventListener("timeupdate", () => {
    if (!medium.seeking) last = medium.currentTime;
  });
  medium.addEventListener("playing", begin);
  medium.addEventListener("seeked", begin);
  medium.addEventListener("pause", () => end(medium.seeking ? last : medium.currentTime));
  medium.addEventListener("ended", () => end(medium.currentTime));
  medium.addEventListener("seeking", () => end(last));
  medium.addEventListener("ratechange", () => {
    end(medium.currentTime);
    begin();
  });
  // A phone may end a page in the background without "pagehide": what was played until then is sent.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    end(medium.currentTime);
    begin();
  });
  window.addEventListener("pagehide", () => end(medium.currentTime));
  window.addEventListener("pageshow", begin);
};

// Read: in view for 20 seconds altogether, and seen to its end.
const followReading = (text) => {
  let seconds = 0;
  let inView = false;
  let endSeen = false;
  const ticking = setInterval(() => {
    if (inView && document.visibilityState === "visible") seconds += 1;
    if (seconds < 20 || !endSeen) return;
    clearInterval(ticking);
    watcher.disconnect();
    send({ kind: text.dataset.reading, material: text.dataset.key, uuid: uuid() });
  }, 1000);

  const last = text.querySelector("[data-end]");
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (target === text) inView = isIntersecting;
      else endSeen ||= isIntersecting;
    }
  });
  watcher.observe(text);
  watcher.observe(last);
};

if (place) {
  send({ kind: "hello" });
  document.querySelectorAll("[data-keeps-place]").forEach((words) => { words.hidden = false; });
  document.querySelectorAll("[data-medium]").forEach(followPlaying);
  document.querySelectorAll("[data-reading]").forEach(followReading);
}
