#!/usr/bin/env node
import '../scripts/hone.mjs'
