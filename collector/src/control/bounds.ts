/** What the control store keeps at most. */
export const CONTROL_BOUNDS = {
  runsPerCheck: 500,
  runsInDetail: 100,
  runsInHistory: 60,
  checks: 1000,
  alerts: 5000,
  eventsPerAlert: 500,
  artifactBytes: 8 * 1024 * 1024,
  artifactTotalBytes: 512 * 1024 * 1024,
} as const;
