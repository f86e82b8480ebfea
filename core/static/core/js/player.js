/* The big button over a video: it names the time, starts there, and leaves the rest to the browser's controls. */

function arm(figure) {
  const video = figure.querySelector("video");
  const button = figure.querySelector("[data-play]");
  const resume = Number(figure.dataset.resume || 0);

  const goToResume = () => {
    if (resume && video.currentTime === 0) video.currentTime = resume;
  };
  if (video.readyState > 0) goToResume();
  else video.addEventListener("loadedmetadata", goToResume, { once: true });

  video.addEventListener("play", () => {
    button.hidden = true;
    figure.querySelector("[data-resume-bar]")?.remove();
  });
  button.addEventListener("click", () => {
    video.play().catch(() => {
      // No autoplay without a further tap, or no network: the browser's own controls stay.
      button.hidden = true;
    });
    video.focus();
  });
  button.hidden = false;
}

for (const figure of document.querySelectorAll("[data-player]")) arm(figure);
