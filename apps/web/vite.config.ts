import { constants } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

const server = `http://127.0.0.1:${process.env.PORT ?? '3000'}`;

export default defineConfig({
  // The page may be served below any path: the server says which.
  base: './',
  plugins: [
    react(),
    tailwindcss(),
    compression({
      include: /\.(html|js|css|svg|json|ttf|webmanifest)$/,
      threshold: 1024,
      algorithms: [
        'gzip',
        defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
      ],
    }),
  ],
  build: {
    target: 'es2023',
    // Fonts and icons stay files of their own: most pages need few of them, and browsers keep each apart.
    assetsInlineLimit: 0,
    // Monaco is one chunk by nature; it is loaded only when a room opens.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page needs and no release of ours changes, so that browsers keep it between releases.
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': { target: server },
      '/socket.io': { target: server, ws: true },
    },
  },
});
