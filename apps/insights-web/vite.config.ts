import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const api = { target: 'http://127.0.0.1:8080' };

/** Puts beside each file what the API sends to whoever takes gzip: a third of it, and packed once for all. */
const gzip: Plugin = {
  name: 'gzip',
  apply: 'build',
  writeBundle({ dir = 'dist' }, bundle) {
    for (const file of Object.keys(bundle)) {
      writeFileSync(join(dir, `${file}.gz`), gzipSync(readFileSync(join(dir, file)), { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), gzip],
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
