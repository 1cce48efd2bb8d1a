const LISTENER = `<script>
addEventListener("message", ({ data, source }) => {
  if (data?.type !== "lente:height") return;
  for (const frame of document.querySelectorAll("iframe")) if (frame.contentWindow === source) frame.height = data.height;
});
</script>`;

/**
 * What is pasted into a page to show an exhibit there.
 *
 * @param {{address: string, title: string, height: number, follow: boolean}} frame height in pixels; `follow` adds the
 *   lines that give the frame the height which the exhibit tells
 * @returns {string} HTML
 */
export function embedCode({ address, title, height, follow }) {
  const frame = `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="${height}" loading="lazy" style="border: 0"></iframe>`;
  return follow ? `${frame}\n${LISTENER}` : frame;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
