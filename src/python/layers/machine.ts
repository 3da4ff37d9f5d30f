import type { Flow } from '../flow/flow.ts'
import type { Module } from '../names/module.ts'
import type { Names } from '../names/names.ts'
import type { Scope } from '../names/scope.ts'
import type { Expr, Statement } from '../syntax/tree.ts'
import { call } from './calls.ts'
import type { Context } from './context.ts'
import { evaluate } from './evaluate.ts'
import { assign, execute } from './execute.ts'
import type { CallSite, Runner } from './runner.ts'
import { Sizes } from './sizes.ts'
import { Spaces } from './space.ts'
import {
  type Chain,
  type Frame,
  type Given,
  type Instance,
  type Layer,
  UNKNOWN,
  type Value,
} from './values.ts'
import { Work } from './work.ts'

/** Expressions inside of one another, those of the functions that are called included. */
const DEPTH = 500

/** The state of one program that is run in thought. */
export class Machine implements Runner {
  readonly names: Names
  readonly flow: Flow
  readonly entry: Module
  readonly work = new Work()
  readonly sizes = new Sizes(this.work)
  readonly spaces = new Spaces()
  readonly explained = new Set<Expr>()
  readonly layers: Layer[] = []
  readonly chains: Chain[] = []
  readonly instances: Instance[] = []
  readonly kernels: Context['kernels'] = new Map()
  readonly free: Context['free'] = []
  readonly modules = new Map<string, Frame>()
  readonly stack: Scope[] = []
  readonly visited = new Set<Scope>()
  inside = 0
  private readonly nodes = new Map<Module, Map<Scope['node'], Scope>>()
  private depth = 0

  constructor(names: Names, flow: Flow, entry: Module) {
    this.names = names
    this.flow = flow
    this.entry = entry
  }

  /** There was more to do than could be done. */
  get exhausted(): boolean {
    return this.work.exhausted
  }

  spend(): boolean {
    return this.work.spend()
  }

  scopeOf(node: Scope['node'], module: Module): Scope | null {
    let known = this.nodes.get(module)
    if (!known) {
      known = new Map(module.scopes.map((scope) => [scope.node, scope]))
      this.nodes.set(module, known)
    }
    return known.get(node) ?? null
  }

  evaluate(value: Expr, frame: Frame): Value {
    if (++this.depth > DEPTH) this.work.stop()
    const result = evaluate(this, value, frame)
    this.depth--
    return result
  }

  execute(body: readonly Statement[], frame: Frame): void {
    if (++this.depth > DEPTH) this.work.stop()
    execute(this, body, frame)
    this.depth--
  }

  call(callee: Value, given: readonly Given[], site: CallSite): Value {
    if (++this.depth > DEPTH) this.work.stop()
    const result = this.spend() ? call(this, callee, given, site) : UNKNOWN
    this.depth--
    return result
  }

  assign(target: Expr, value: Value, frame: Frame): void {
    assign(this, target, value, frame)
  }

  pin(layer: Layer, reason: string): void {
    for (const slot of [layer.spec.input, layer.spec.output]) {
      const found =
        slot &&
        layer.given.find(
          (one, at) => slot[0].split(' ').includes(one.name ?? '') || (one.name === null && at === slot[1]),
        )
      if (found?.value.kind === 'size') this.sizes.freeze(found.value.size, reason)
    }
  }
}
