import { keyOf, type Origin } from '../flow/flow.ts'
import { isModuleBase } from '../knowledge/layers.ts'
import { classOf, type Scope } from '../names/scope.ts'
import type { Call, Expr } from '../syntax/tree.ts'
import { calledName } from '../syntax/walk.ts'
import type { Context } from './context.ts'
import { type Read, readsOf } from './reads.ts'
import type { SizeVar } from './sizes.ts'
import { layerSpecOf } from './specs.ts'
import { TOO_LARGE } from './work.ts'

/** Calls that only show a value, or only name it. */
const SHOWS =
  /^(\w*wandb\w*|print|format|str|repr|info|debug|warning|warn|error|log|write|add_argument|add_option|option|Option|log_hyperparams|save_hyperparameters|set_description|set_postfix|append_text|join|pprint|summary|sqrt|DEFINE_\w+|init)$/
/** Calls that keep a value by its name. */
const HOLDS =
  /^(dict|Namespace|SimpleNamespace|AttrDict|EasyDict|edict|Config|HParams|update|set_defaults|Munch|partial)$/
/** Calls that make a tensor of a shape. */
const CREATES =
  /^(zeros|ones|randn|rand|empty|full|new|new_zeros|new_ones|new_full|new_empty|Tensor|FloatTensor|view|reshape|expand|repeat|normal)$/
const CASTS = /^(int|float|tuple|list|abs)$/
const ARITHMETIC = /^(\+|-|\*|\/|\/\/)$/

/** Tells where a named literal is used besides the sizes of layers. */
export class Uses {
  private readonly context: Context
  private reads: Map<string, Read[]> | null = null
  private readonly reasons = new Map<string, string | null>()

  constructor(context: Context) {
    this.context = context
  }

  /** Why a literal must stay for what else it is used for; null where nothing speaks against a change. */
  reasonFor(one: SizeVar): string | null {
    if (one.names.length === 0) return null
    const known = this.reasons.get(one.key)
    if (known !== undefined) return known
    const reason = this.find(one)
    this.reasons.set(one.key, reason)
    return reason
  }

  private find(one: SizeVar): string | null {
    this.reads ??= readsOf(this.context.names.modules)
    const names = new Set(one.names)
    for (const name of names) {
      // A name that stands everywhere cannot be followed in a bounded time.
      const reads = this.reads.get(name) ?? []
      if (reads.length > 300) return 'it is used in too many places'
      for (const read of reads) {
        if (!this.context.work.spend()) return TOO_LARGE
        if (this.context.explained.has(read.expr) || !this.isRead(read, one)) continue
        if (!this.isHarmless(read, names)) {
          const { path } = read.scope.module
          const elsewhere = path === one.origin.file.path ? '' : ` of ${path}`
          return `it is also used in line ${read.expr.line}${elsewhere}`
        }
      }
    }
    return null
  }

  private isRead({ expr, scope }: Read, one: SizeVar): boolean {
    const origins = this.context.flow.origins(expr, scope)
    this.context.work.look(origins.length)
    return origins.some((origin) => keyOf(origin) === one.key || holds(origin, one))
  }

  /** Whether what happens to a read value goes on under another name, or does not matter; new names are added. */
  private isHarmless(read: Read, names: Set<string>): boolean {
    let at: Read = read
    let computed = false
    for (let around = read.around; around; at = around, around = around.around) {
      const { expr } = around
      if (this.context.explained.has(expr)) return true
      switch (expr.kind) {
        case 'call': {
          if (expr.callee === at.expr) return false
          const verdict = this.given(expr, at.expr, around.scope, names, computed)
          if (verdict !== null) return verdict
          break
        }
        case 'string':
          return true
        case 'operation':
          if (expr.operator === '%' && expr.operands[0]?.kind === 'string') return true
          // A scale, as in attention: no size follows from it.
          if (expr.operator === '**' && expr.operands[0] === at.expr) return isRoot(expr.operands[1])
          if (!ARITHMETIC.test(expr.operator)) return expr.operator === 'or' && !computed
          computed = true
          break
        case 'subscript':
          // The element that is read is a read of its own.
          return expr.object === at.expr
        case 'attribute':
          return true
        case 'dict': {
          this.context.work.look(expr.entries.length / 8)
          const entry = expr.entries.find(({ value }) => value === at.expr)
          if (entry?.key?.kind !== 'string' || entry.key.value === null || computed) return false
          names.add(entry.key.value)
          return true
        }
        case 'sequence':
        case 'conditional':
          break
        default:
          return false
      }
    }
    return !computed && this.ends(at, read, names)
  }

  /** What a call does with a value that it is given; null where its result says that. */
  private given(
    call: Call,
    value: Expr,
    scope: Scope,
    names: Set<string>,
    computed: boolean,
  ): boolean | null {
    this.context.work.look(call.args.length / 8)
    const name = calledName(call)
    if (SHOWS.test(name)) return true
    if (CASTS.test(name)) return null
    const argument = call.args.find((one) => one.value === value)
    if (CREATES.test(name)) return inModel(this.context, scope)
    if (computed) return false
    const referent = this.context.names.referent(call.callee, scope)
    const callee = referent?.kind === 'own' ? referent.scope : null
    if (callee) {
      const parameter = argument?.name ?? parameterAt(callee, call, value)
      if (parameter) names.add(parameter)
      return true
    }
    if (HOLDS.test(name) && argument?.name) {
      names.add(argument.name)
      return true
    }
    const external = this.context.names.calleeOf({ call, scope })
    if (external && layerSpecOf(external)) return false
    return /^(len|enumerate|zip)$/.test(name)
  }

  /** Where a whole expression stands that is the value itself. */
  private ends(at: Read, read: Read, names: Set<string>): boolean {
    if (at.default !== null) {
      names.add(at.default)
      return true
    }
    const { statement } = read
    if (statement.kind === 'expression') return true
    if (statement.kind === 'for') return at.expr !== read.expr || statement.iterable === read.expr
    if (statement.kind !== 'assign') return false
    if (at.expr.kind === 'sequence') {
      const [target] = statement.targets
      return target?.kind === 'sequence'
    }
    for (const target of statement.targets) {
      if (target.kind === 'name' || target.kind === 'attribute') names.add(target.name)
      else if (target.kind === 'subscript' && target.index[0]?.kind === 'string')
        names.add(target.index[0].value ?? '')
      else return false
    }
    return true
  }
}

/** `x ** 0.5`, `x ** -0.5` */
const isRoot = (exponent: Expr | undefined) => exponent?.kind === 'number' && Math.abs(exponent.value) === 0.5

/** A list or tuple that the literal stands in. */
const holds = ({ literal, file }: Origin, one: SizeVar) =>
  literal.kind === 'sequence' &&
  file.path === one.origin.file.path &&
  literal.start < one.origin.literal.start &&
  one.origin.literal.end < literal.end

function parameterAt(callee: Scope, call: Call, value: Expr): string | null {
  const owner = callee.kind === 'class' ? callee.bindings.get('__init__')?.[0] : null
  const target = owner?.kind === 'definition' ? owner.scope : callee
  const { node } = target
  if (node?.kind !== 'function') return null
  const position = call.args.filter((one) => one.name === null).findIndex((one) => one.value === value)
  const method = target.parent?.kind === 'class' ? 1 : 0
  return position === -1 ? null : (node.parameters[position + method]?.name ?? null)
}

/** Inside of a model's class: a shape there follows the sizes of its layers. */
function inModel(context: Context, scope: Scope): boolean {
  const owner = classOf(scope)
  return owner !== null && context.names.externalBases(owner).some(isModuleBase)
}
