// `vite --config test/harness/vite.config.ts`: every state of the room at /?scene=<name>, without a server; what a
// browser keeps at /records.html; the editor alone at /bare.html; two people at one file at /peers.html.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: new URL('../../public', import.meta.url).pathname,
  cacheDir: new URL('../../node_modules/.vite-harness', import.meta.url).pathname,
  plugins: [react(), tailwindcss()],
  build: {
    rolldownOptions: {
      input: ['index.html', 'records.html', 'bare.html', 'peers.html'].map(
        (page) => `${import.meta.dirname}/${page}`,
      ),
    },
  },
  server: { port: 5199, strictPort: true, host: '127.0.0.1' },
});
