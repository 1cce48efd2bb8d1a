import { t } from "../../frame/i18n.js";

/** @type {Record<string, string>} */
const reasons = {
  NotAllowedError: t(
    "The browser did not allow the camera. Allow it in the address bar's settings for this page and try again.",
  ),
  NotFoundError: t("There is no camera on this device. A photograph can be opened, dropped or pasted instead."),
  NotReadableError: t("Another program is using the camera. Close it and try again."),
};

/**
 * Opens the camera.
 *
 * @returns {Promise<MediaStream>} to be given to a video as its srcObject
 * @throws {Error} with a sentence that says why there is none and what to do
 */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error(
      t(
        "A browser gives the camera only to pages from this machine or over HTTPS. A photograph can be opened, dropped or pasted instead.",
      ),
    );
  }
  try {
    const video = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" };
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    throw new Error(reasons[name] ?? t("The camera does not work here ({reason}).", { reason: message || name }), {
      cause: error,
    });
  }
}
