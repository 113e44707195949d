// Comfort for the native players: carry on where it was left, keep the speed, chapters that jump.

const SPEED = "speed";

const remembered = () => {
  try {
    return Number(localStorage.getItem(SPEED)) || 1;
  } catch {
    return 1; // storage may be forbidden
  }
};

const remember = (speed) => {
  try {
    localStorage.setItem(SPEED, speed);
  } catch {
    // then it is chosen anew next time
  }
};

const goTo = (medium, second) => {
  if (medium.readyState > 0) {
    medium.currentTime = second;
    return;
  }
  medium.addEventListener("loadedmetadata", () => { medium.currentTime = second; }, { once: true });
  medium.preload = "metadata";
};

document.querySelectorAll("[data-medium]").forEach((medium) => {
  medium.defaultPlaybackRate = remembered();
  medium.playbackRate = remembered();
  medium.addEventListener("ratechange", () => remember(medium.playbackRate));
  const left = Number(medium.dataset.position);
  const resume = () => {
    if (left > 0 && left < medium.duration - 5) medium.currentTime = left;
  };
  if (medium.readyState > 0) resume();
  else medium.addEventListener("loadedmetadata", resume, { once: true });
  // One voice at a time.
  medium.addEventListener("play", () => {
    document.querySelectorAll("[data-medium]").forEach((other) => other !== medium && other.pause());
  });
});

document.querySelectorAll("[data-chapter]").forEach((link) => {
  const medium = document.getElementById(link.dataset.of);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(medium, Number(link.dataset.chapter));
    medium.play().catch(() => {});
    medium.focus();
  });
});
