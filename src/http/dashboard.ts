import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import express, { Router } from 'express'
import { HttpError } from './errors.ts'

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Hone</title>
<h1>Hone is running</h1>
<p>The dashboard is not built. Type <code>npm run build</code> where Hone lies, then load this page again.</p>
<p>The API is under <code>/api/v1</code>.</p>
</html>
`

/** Beside a script or style: the same, compressed by the build better than there is time for at a request. */
const COMPRESSED = '.br'

/** The dashboard's files, and its page for every other address that a person opens; none of it holds data. */
export function dashboard(webFolder: string): Router {
  const router = Router()
  const files = express.static(webFolder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      // The build names files in assets/ by their content.
      const hashed = path.startsWith(join(webFolder, 'assets/'))
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  router.use('/assets', (request, response, next) => {
    response.vary('Accept-Encoding')
    if (!request.acceptsEncodings('br')) return next()
    const { url } = request
    response.type(extname(request.path)).set('Content-Encoding', 'br')
    request.url = `/assets${request.path}${COMPRESSED}`
    files(request, response, (error?: unknown) => {
      // There is none such.
      request.url = url
      response.removeHeader('Content-Encoding')
      response.removeHeader('Content-Type')
      next(error)
    })
  })
  router.use(files)
  router.use((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new HttpError(405, 'method-not-allowed', `${request.method} is not for this address.`)
    }
    if (request.path.startsWith('/assets/')) throw new HttpError(404, 'not-found', 'There is no such file.')
    response.set('Cache-Control', 'no-cache')
    if (!existsSync(join(webFolder, 'index.html'))) return void response.type('html').send(NOT_BUILT)
    response.sendFile('index.html', { root: webFolder, cacheControl: false })
  })
  return router
}
