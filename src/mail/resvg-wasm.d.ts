/** What Hone uses of it: the package's own types lie where its `exports` do not lead. */
declare module '@resvg/resvg-wasm' {
  export function initWasm(wasm: Uint8Array): Promise<void>
  export class Resvg {
    constructor(
      svg: string,
      options: {
        fitTo: { mode: 'zoom'; value: number }
        font: { fontBuffers: Uint8Array[]; defaultFontFamily: string }
      },
    )
    render(): { asPng(): Uint8Array; free(): void }
    free(): void
  }
}
