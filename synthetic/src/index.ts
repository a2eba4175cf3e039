export { type Journey, type JourneyContext, journey } from './check/journey.js';
