/** The sign of the house: three bodies, one orbit. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="2.5" fill="currentColor" stroke="none" />
      <ellipse cx="12" cy="12" rx="10" ry="4.6" transform="rotate(-24 12 12)" />
      <circle cx="20.2" cy="6.6" r="1.8" fill="currentColor" stroke="none" />
      <circle cx="5.6" cy="16.6" r="1.25" fill="currentColor" stroke="none" />
    </svg>
  );
}
