/** Sizes and durations as people read them. Knows nothing of what has them. */

const UNITS = ['B', 'kB', 'MB', 'GB'];

/** 1536 → 1.5 kB. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power && 1)} ${UNITS[power]}`;
}

/** 1500 → 1.5 s. */
export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
