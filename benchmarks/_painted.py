"""JavaScript for the benchmarks of pages: when what was just rendered is on the screen."""

# Calls `then` in the message that follows the next frame, which is when that frame has been painted.
AFTER_PAINT = """const afterPaint = (then) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = then;
  channel.port2.postMessage(0);
});
"""
