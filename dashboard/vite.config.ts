import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const collector = process.env.ORRERY_COLLECTOR_URL ?? 'http://127.0.0.1:1781';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Fonts and images stay files: the collector's policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: { port: 21600, strictPort: true, proxy: { '/api': collector } },
});
