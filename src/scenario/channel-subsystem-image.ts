import type { Issues, Path } from './errors.ts';

/**
 * Identifiers carry the number of a channel-subsystem image. The model gives each system one image of its own, which
 * the system knows as 0; another number would name hardware that nobody sees.
 */
export function checkImage(images: readonly number[], place: Path, issues: Issues): void {
  const other = images.find((cssid) => cssid !== 0);
  if (other === undefined) return;
  issues.key(
    place,
    `channel-subsystem image ${other} is not modelled`,
    'use image 0, such as 0.40 and 0.0.1000',
  );
}
