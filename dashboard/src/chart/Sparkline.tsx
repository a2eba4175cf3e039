import { areaPath, linePath, maximumOf } from './line-path.js';
import styles from './Sparkline.module.css';

/** A series in a cell: shape only, its figures stand beside. `marks` is drawn on top in the colour of trouble. */
export function Sparkline({
  values,
  marks,
  width = 96,
  height = 22,
  label,
  band,
}: {
  values: readonly (number | null)[];
  marks?: readonly (number | null)[];
  width?: number;
  height?: number;
  label: string;
  band?: { min: number | null; max: number | null };
}) {
  const top = Math.max(maximumOf(values), band?.max ?? 0, band?.min ?? 0, 1e-9);
  const y = (value: number) => height - 1 - (value / top) * (height - 3);
  return (
    <svg
      className={styles.spark}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
    >
      {band && (
        <rect
          className={styles.band}
          x={0}
          width={width}
          y={band.max === null ? 0 : y(band.max)}
          height={Math.max(1, y(band.min ?? 0) - (band.max === null ? 0 : y(band.max)))}
        />
      )}
      <path className={styles.area} d={areaPath(values, top, width, height)} />
      <path className={styles.line} d={linePath(values, top, width, height)} />
      {marks && maximumOf(marks) > 0 && <path className={styles.marks} d={areaPath(marks, top, width, height)} />}
    </svg>
  );
}
