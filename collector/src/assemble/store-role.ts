import type { Role } from './role.js';

export const startStore: Role = async () => ({ sentence: 'store', stop: async () => undefined });
