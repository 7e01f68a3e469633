// The page's colours for what draws by itself, and cannot read the style sheet.

/** Calls `changed` when the page takes on another theme. Returns the way to stop it. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  return () => observer.disconnect();
}

/** Any CSS colour as `#rrggbbaa`: the browser itself converts it, by painting a pixel. */
export function hexReader(): (colour: string, alpha?: number) => string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (colour, alpha) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = '#000';
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, own = 255] = context.getImageData(0, 0, 1, 1).data;
    const opacity = alpha === undefined ? own : Math.round(alpha * 255);
    return `#${[red, green, blue, opacity].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  };
}
