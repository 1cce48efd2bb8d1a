const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("#whole-screen"));

if (button && document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", () => document.documentElement.requestFullscreen());
}
