/** What a layer does with its input. */
export type LayerKind = 'conv' | 'recurrent' | 'attention' | 'graph' | 'dense' | 'embedding'

/** Packages that define layers. */
const NEURAL =
  /^(keras\.layers|keras_cv\.layers|keras_hub\.layers|keras_nlp\.layers|tensorflow\.(layers|nn|contrib|slim|keras|models\.rnn|raw_ops)|tf_slim|torch\.nn|flax\.(linen|nnx)|haiku|equinox|jax\.(nn|lax|experimental\.stax|example_libraries\.stax|experimental\.rnn)|tflearn|sonnet|tensorlayer|fastai|trax|e3nn|torchvision\.ops|allennlp|fairseq|x_transformers|linear_attention_transformer|performer_pytorch|axial_attention|convkan|rl)\b/
const UNBUILT =
  /^(torch\.nn\.(utils|init|parallel|parameter)|haiku\.initializers|flax\.linen\.initializers)\b/

/** Packages whose layers pass messages along the edges of a graph. */
const GRAPH =
  /^(torch_geometric\.nn|torch_geometric_temporal|dgl|spektral\.(layers|models)|stellargraph\.layer|jraph|tensorflow_gnn|graph_nets|pygcn|ptgnn|deepsnap|ogb\.graphproppred\.mol_encoder)\b/
const GRAPH_LAYER =
  /(Conv\d?d?|GAE|GCN\w*|GAT\w*|GIN\w*|GINE\w*|\w*SAGE\w*|Node2Vec|MetaPath2Vec|MessagePassing|SchNet|DimeNet\w*|LightGCN|PNA|RGCN|HGT|HAN|Graph\w+|ARGV?A|InnerProductDecoder|update_all|apply_edges|DeepGCN\w*|GeneralGNN|EdgeCNN|GraphUNet|GNN\w*|SignedGCN|RECT_L|TGNMemory|LabelPropagation|CorrectAndSmooth|DeepGraphInfomax|APPNP|SGC\w*)$/

/** Patterns of the last part of a layer's name, in lower case and without underscores. */
const KINDS: readonly [RegExp, LayerKind][] = [
  [/^(convlstm\d?d(cell)?|convrecurrent2d|convlstmcell|conv\dd(lstm|gru)(cell)?)$/, 'recurrent'],
  [
    /^(lazy)?(conv(olution)?(\dd?)?|conv(olution)?\d?d?transpose|\w*conv\dd(transpose|local)?|\w*convolution\dd|deconvolution\dd?|locallyconnected\dd|generalconv\w*|convgeneraldilated|convwithgeneralpadding|convtranspose|deformconv2d|xceptionblock|resnetblock|convlayer|kerasconv|grouped\w*conv\w*|conv\dd\w*)$/,
    'conv',
  ],
  [
    /^(bidirectional|cudnn|optimized|lazy|ln|basic|multi|static|dynamic|stacked|simple|vanilla|layernorm(basic)?|bidirectionaldynamic|staticbidirectional)*(lstm|gru|rnn|janet|jzs\d|qrnn|sru)(base|block|fused)*(cell|fused|classifier|fusedcell|core)*$/,
    'recurrent',
  ],
  [
    /^(multihead\w*attention|groupqueryattention|groupedqueryattention|selfattention|multiheaddotproductattention|dotproductattention|transformer\w*|scaleddotproductattention|multiheadattentionforward|encoderblock|positionembedding|tokenandpositionembedding|xtransformer|vit\w*)$/,
    'attention',
  ],
  [
    /^(lazy)?(dense|linear|fullyconnected|bilinear|densegeneral|maxoutdense|timedistributeddense|highway|noisydense|mlp|fc|einsumdense|identitylinear|linearlayer|xwplusb|denseflipout|densevariational|densereparameterization|relulayer|dnn|lineargeneral|einsum|linearnoproj)$/,
    'dense',
  ],
  [/^(embedding|embed|embeddingbag|embeddinglookup|embedsequence|wordembedding|embeddings)\w*$/, 'embedding'],
]

/** Activations by name: as layers, functions or strings. */
export const ACTIVATIONS =
  /^(relu6?|elu|selu|gelu|silu|swish|mish|tanh|hardtanh|sigmoid|leaky_?relu|prelu|softplus|softsign|hard_?sigmoid|hardswish|crelu|maxout|glu|tanhshrink)$/i

/** What else the graph libraries offer: parts that any network has. */
const NO_GRAPH =
  /^(Linear|HeteroLinear|HeteroDictLinear|MLP|Sequential|Module\w*|Embedding|JumpingKnowledge|Dropout\w*|PositionalEncoding|TemporalEncoding|DataParallel|Explainer|Reshape|summary|captum\w*|to_captum\w*)$|Norm$|Aggregation$|Pool(ing)?$|Transformer$/

/** What the layer or function of a canonical name is; null for one that is no layer. */
export function layerOf(name: string): LayerKind | null {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (GRAPH.test(name)) {
    const model = /^torch_geometric\.nn\.([\w.]*\.)?[A-Z]\w*$/.test(name) && !NO_GRAPH.test(last)
    return model || GRAPH_LAYER.test(last) ? 'graph' : null
  }
  if (!NEURAL.test(name) || UNBUILT.test(name)) return null
  const plain = last.toLowerCase().replaceAll('_', '')
  return KINDS.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/** Base classes of a model or a layer that a person writes. */
export const isModuleBase = (name: string): boolean =>
  /^(torch\.nn\.Module|keras\.([\w.]*\.)?(Model|Layer|Sequential|Wrapper)|lightning\.LightningModule|flax\.(linen|nnx)\.Module|haiku\.Module|equinox\.Module|tensorflow\.Module|sonnet\.\w+Module|torch\.jit\.ScriptModule|torch_geometric\.nn\.\w*MessagePassing|transformers\.\w+(Model|For\w+))$/.test(
    name,
  )
