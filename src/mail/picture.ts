import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageRoot } from '../paths.ts'

const FONTS = ['inter-latin-regular.woff2', 'inter-latin-semibold.woff2']
/** Pixels of the picture for one of the drawing: sharp on screens of high density too. */
const ZOOM = 2.5

async function load() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')
  await initWasm(await readFile(wasm))
  const fontBuffers = await Promise.all(
    FONTS.map((name) => readFile(join(packageRoot, 'assets', 'fonts', name))),
  )
  return { Resvg, fontBuffers }
}

let loaded: ReturnType<typeof load> | undefined

/**
 * A drawing as PNG. The renderer is one WebAssembly file and the fonts are Hone's own, so that the same drawing gives the
 * same bytes on every machine.
 * @param svg with texts in the font family Inter
 * @throws when the drawing is not SVG, or the renderer or a font is missing
 */
export async function drawPicture(svg: string): Promise<Uint8Array> {
  loaded ??= load().catch((error: unknown) => {
    // What could not be read now may be there for the next drawing.
    loaded = undefined
    throw error
  })
  const { Resvg, fontBuffers } = await loaded
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers, defaultFontFamily: 'Inter' },
  })
  try {
    const picture = drawing.render()
    const png = picture.asPng()
    picture.free()
    return png
  } finally {
    drawing.free()
  }
}
