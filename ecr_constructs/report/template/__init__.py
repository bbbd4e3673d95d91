"""From templates to values: intrinsic functions, parameters, conditions, references."""
