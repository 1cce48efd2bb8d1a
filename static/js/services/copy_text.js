/**
 * Puts the text of a field into the clipboard; by the field itself where the browser keeps its clipboard to secure pages,
 * as on a classroom's network.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @returns {Promise<boolean>} whether it could be
 */
export async function copyText(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}
