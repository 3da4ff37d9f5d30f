"""The state of Keras' models and optimisers, as arrays. Of Keras 3 and Keras 2 alike."""


def model_state(model):
    """@returns what `restore_model` needs, to be pickled: of a model its variables and optimisers, of an optimiser its variables"""
    if _is_optimizer(model):
        return {"optimizer": _optimizer_state(model, [])}
    variables = list(model.variables)
    places = {_key(variable): index for index, variable in enumerate(variables)}
    return {
        "variables": [variable.numpy() for variable in variables],
        "optimizers": {name: _optimizer_state(one, places) for name, one in optimizers_of(model).items()},
    }


def restore_model(model, state):
    """Puts a state back into a model whose variables exist, and into its optimisers, which are built where they are not.

    @throws ValueError why it does not fit, in words; no variable is set then
    """
    if _is_optimizer(model):
        _restore_optimizer(model, state["optimizer"], None)
        return
    variables = list(model.variables)
    _check(variables, state["variables"], "the model")
    found = optimizers_of(model)
    if set(found) != set(state["optimizers"]):
        raise ValueError("the model has other optimisers")
    for name, saved in state["optimizers"].items():
        _build(found[name], saved, variables)
        _check(_variables(found[name]), saved["variables"], "the optimiser")
    _assign(variables, state["variables"])
    for name, saved in state["optimizers"].items():
        _restore_optimizer(found[name], saved, variables)


def is_whole(model, state):
    """Whether a model has as many variables as a state is of; one that its first batch builds has few or none before."""
    try:
        return len(model.variables) == len(state["variables"])
    except ValueError:
        # Keras 2 does not tell before.
        return False


def optimizers_of(model):
    """Name of the attribute -> optimiser. A model with a training step of its own may have several."""
    found, seen = {}, set()
    for name, value in sorted(vars(model).items()):
        if _is_optimizer(value) and id(value) not in seen:
            seen.add(id(value))
            found[name] = value
    return found


def _is_optimizer(value):
    return hasattr(type(value), "apply_gradients") and hasattr(type(value), "from_config")


def _key(variable):
    """Names a variable within a process; those that Keras 2 wraps have one id for what is the same."""
    return getattr(variable, "_unique_id", None) or id(variable)


def _optimizer_state(optimizer, places):
    return {
        "variables": [variable.numpy() for variable in _variables(optimizer)],
        "of": [places[key] for key in _built_for(optimizer) if key in places],
        "extra": {name: _number(value) for name, value in _extra(optimizer).items()},
    }


def _restore_optimizer(optimizer, state, variables):
    """@param variables of the model; None where they are not known: the rest then follows when the optimiser is built"""
    if variables is None and len(_variables(optimizer)) < len(state["variables"]):
        _when_built(optimizer, state)
        return
    _check(_variables(optimizer), state["variables"], "the optimiser")
    _assign(_variables(optimizer), state["variables"])
    for name, value in _extra(optimizer).items():
        saved = state["extra"].get(name)
        if saved is None:
            continue
        if hasattr(value, "assign"):
            value.assign(saved)
        else:
            optimizer._hyper[name] = saved


def _check(variables, arrays, whose):
    if len(variables) != len(arrays):
        raise ValueError(f"{whose} has {len(variables)} variables, the checkpoint {len(arrays)}")
    for variable, array in zip(variables, arrays):
        if tuple(variable.shape) != tuple(array.shape):
            raise ValueError(f"a variable of {whose} has the shape {tuple(variable.shape)}, in the checkpoint {array.shape}")


def _assign(variables, arrays):
    for variable, array in zip(variables, arrays):
        variable.assign(array)


def _variables(optimizer):
    variables = optimizer.variables
    # A method in the optimisers of old; a list that can be called in those between.
    return list(variables if isinstance(variables, (list, tuple)) else variables())


def _built_for(optimizer):
    """Keys of the variables that an optimiser was built for, in its order."""
    inner = getattr(optimizer, "inner_optimizer", None) or optimizer
    if hasattr(inner, "_trainable_variables"):
        return [_key(variable) for variable in inner._trainable_variables]
    return list(getattr(inner, "_index_dict", None) or getattr(inner, "_slots", None) or ())


def _build(optimizer, state, variables):
    if len(_variables(optimizer)) >= len(state["variables"]):
        return
    variables = [variables[index] for index in state["of"]]
    if hasattr(optimizer, "_create_all_weights"):
        optimizer._create_all_weights(variables)
    else:
        optimizer.build(variables)


def _extra(optimizer):
    """What can change in training and is not among an optimiser's variables: name -> variable or number."""
    inner = getattr(optimizer, "inner_optimizer", None) or optimizer
    hyper = getattr(inner, "_hyper", None)
    if hyper is not None:
        return {name: value for name, value in hyper.items() if hasattr(value, "assign") or isinstance(value, (int, float))}
    rate = getattr(inner, "_learning_rate", None)
    return {"learning_rate": rate} if hasattr(rate, "assign") else {}


def _number(value):
    return value.numpy() if hasattr(value, "numpy") else value


def _when_built(optimizer, state):
    """Restores an optimiser as soon as its first step builds it."""
    name = "_create_all_weights" if hasattr(optimizer, "_create_all_weights") else "build"
    original = getattr(optimizer, name)

    def build(*args, **kwargs):
        import tensorflow

        vars(optimizer).pop(name, None)
        answer = original(*args, **kwargs)
        with tensorflow.init_scope():
            _restore_optimizer(optimizer, state, [])
        return answer

    # Past Keras' own tracking of attributes.
    vars(optimizer)[name] = build
