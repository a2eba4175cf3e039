/** As it stands in `telemetry.sdk.name` and in the scopes of our instrumentations. */
export const AGENT_NAME = 'orrery';

/** Equal to package.json; a test holds them together. */
export const AGENT_VERSION = '0.1.0';
