import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = { target: 'http://127.0.0.1:8080' };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // The API checks the Origin of what changes something against its Host, so the proxy leaves Host as it is.
  server: { host: '127.0.0.1', proxy: { '/api': api } },
  build: {
    outDir: 'dist',
    // The page is served under `default-src 'self'`, which rules out data: URIs.
    assetsInlineLimit: 0,
    // light-dark() stays as written: every browser since May 2024 has it.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
  },
});
