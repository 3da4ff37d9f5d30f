import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Writes each script and style compressed beside it, as well as can be; the server sends that to whom takes it. */
const compressed: Plugin = {
  name: 'hone:compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const item of Object.values(bundle)) {
      if (!/\.(js|css)$/.test(item.fileName)) continue
      const content = item.type === 'chunk' ? item.code : item.source
      writeFileSync(join(dir, `${item.fileName}.br`), brotliCompressSync(content))
    }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The server's content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
