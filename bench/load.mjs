/**
 * What Hone bears: a storm of pushes, a container that prints far too much, many open dashboards. A real server, real
 * containers and repositories, real HTTP.
 *
 * Usage: npm run bench:load [-- pushes flood dashboards]   (needs a Docker engine and the images; `npm test` sets both up)
 */
import { dashboards } from './load/dashboards.mjs'
import { machine } from './load/figures.mjs'
import { flood } from './load/flood.mjs'
import { pushes } from './load/pushes.mjs'

const scenarios = { pushes, flood, dashboards }
const wanted = process.argv.slice(2)
console.log(machine())
for (const name of wanted.length > 0 ? wanted : Object.keys(scenarios)) await scenarios[name]()
