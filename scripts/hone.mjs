#!/usr/bin/env node
import { pathToFileURL } from 'node:url'
import { setUp, stepsFor } from './setup/index.mjs'
import { inRoot } from './setup/paths.mjs'

await setUp(stepsFor(process.argv.slice(2)))
// In this process: a signal reaches the command once, and its exit code is ours.
await import(pathToFileURL(inRoot('dist', 'src', 'cli.js')).href)
